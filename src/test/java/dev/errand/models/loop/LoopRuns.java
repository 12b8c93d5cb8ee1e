package dev.errand.models.loop;

import static dev.errand.support.Api.TASKS;
import static dev.errand.support.Api.api;
import static dev.errand.support.Api.ended;
import static dev.errand.support.Api.register;
import static dev.errand.support.Api.trigger;

import dev.errand.support.Api;
import dev.errand.support.ScriptedModel;
import io.restassured.path.json.JsonPath;
import java.util.HashMap;
import java.util.Map;
import java.util.UUID;

/** Runs a task of its own against a model, to its end. */
public final class LoopRuns {
  public static final String KEY = "sk-a-key-for-tests-1234";

  private LoopRuns() {}

  /** Runs a task whose model is asked to stream. */
  public static JsonPath stream(ScriptedModel model, Map<String, Object> settings) {
    Map<String, Object> all = new HashMap<>(settings);
    all.put("key", KEY);
    String task = "stream" + UUID.randomUUID();
    registerStreaming(task, model, all);
    trigger(task, "r", Map.of()).then().statusCode(201);
    return ended(task, "r");
  }

  public static void registerStreaming(
      String task, ScriptedModel model, Map<String, Object> settings) {
    String stream = Api.runner().equals(OtherVendorPort.RUNNER) ? "flow" : "stream";
    Map<String, Object> ofRunner =
        Map.of("prompt", "Hello", "model", "gpt-4o", "base_url", model.url(), stream, true);
    api().body(Api.task(ofRunner, settings)).put(TASKS + "/" + task).then().statusCode(201);
  }

  public static JsonPath run(ScriptedModel model, Map<String, Object> settings) {
    Map<String, Object> all = new HashMap<>(settings);
    all.put("key", KEY);
    String task = "loop" + UUID.randomUUID();
    register(task, "Hello", model, all).then().statusCode(201);
    trigger(task, "r", Map.of()).then().statusCode(201);
    return ended(task, "r");
  }
}
