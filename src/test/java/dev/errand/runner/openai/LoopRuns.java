package dev.errand.runner.openai;

import static dev.errand.support.Api.ended;
import static dev.errand.support.Api.register;
import static dev.errand.support.Api.trigger;

import dev.errand.support.ScriptedModel;
import io.restassured.path.json.JsonPath;
import java.util.HashMap;
import java.util.Map;
import java.util.UUID;

/** Runs a task of its own against a model, to its end. */
final class LoopRuns {
  static final String KEY = "sk-a-key-for-tests-1234";

  private LoopRuns() {}

  static JsonPath run(ScriptedModel model, Map<String, Object> settings) {
    Map<String, Object> all = new HashMap<>(settings);
    all.put("key", KEY);
    String task = "loop" + UUID.randomUUID();
    register(task, "Hello", model, all).then().statusCode(201);
    trigger(task, "r", Map.of()).then().statusCode(201);
    return ended(task, "r");
  }
}
