package dev.errand.support;

import static io.restassured.RestAssured.given;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.restassured.http.ContentType;
import io.restassured.path.json.JsonPath;
import io.restassured.response.Response;
import io.restassured.specification.RequestSpecification;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.concurrent.locks.LockSupport;

/** A client of the API, with the tests' session. */
public final class Api {
  /** The system property by which {@link WithRunner} names another runner than {@code openai}. */
  static final String RUNNER = "errand.test.runner";

  /** The session that the tests' configuration sets. */
  public static final String SESSION = "a-session-for-tests-of-32-characters-or-more";

  /** Where the tests' tasks are. */
  public static final String TASKS = "/api/profiles/~/default/tasks";

  /** The same, as answers name it. */
  public static final String NAMED_TASKS = "/api/profiles/admin/default/tasks";

  private static final Duration PATIENCE = Duration.ofMinutes(2);
  private static final ObjectMapper JSON = new ObjectMapper();

  private Api() {}

  /** A request with the session. */
  public static RequestSpecification api() {
    return given()
        .urlEncodingEnabled(false)
        .cookie("sessionId", SESSION)
        .contentType(ContentType.JSON);
  }

  /** Registers a task that asks this model. */
  public static Response register(String task, String prompt, ScriptedModel model) {
    return register(task, prompt, model, Map.of("key", "sk-a-key-for-tests-1234"));
  }

  /** Registers a task that asks this model, with these settings. */
  public static Response register(
      String task, String prompt, ScriptedModel model, Map<String, Object> settings) {
    return register(task, prompt, model.url(), settings);
  }

  /** Registers a task that asks the model at this base URL, with these settings. */
  public static Response register(
      String task, String prompt, String url, Map<String, Object> settings) {
    return api().body(task(prompt, url, settings)).put(TASKS + "/" + task);
  }

  /** The body that registers a task that asks the model at this base URL, with these settings. */
  public static Map<String, Object> task(String prompt, String url, Map<String, Object> settings) {
    return task(Map.of("prompt", prompt, "model", "gpt-4o", "base_url", url), settings);
  }

  /** The body that registers a task with these settings of its runner. */
  public static Map<String, Object> task(
      Map<String, Object> ofRunner, Map<String, Object> settings) {
    return Map.of("runner", runner(), runner(), ofRunner, "settings", settings);
  }

  /** The runner of the tasks that are registered here. */
  public static String runner() {
    return System.getProperty(RUNNER, "openai");
  }

  /** Triggers a run. */
  public static Response trigger(String task, String run, Map<String, Object> parameters) {
    return api().body(Map.of("parameters", parameters)).put(TASKS + "/" + task + "/runs/" + run);
  }

  /** Polls a run until it has ended. */
  public static JsonPath ended(String task, String run) {
    Instant end = Instant.now().plus(PATIENCE);
    while (Instant.now().isBefore(end)) {
      Response now = api().get(TASKS + "/" + task + "/runs/" + run);
      now.then().statusCode(200);
      String status = json(now).path("status").asText();
      if (status.equals("ready") || status.equals("error")) {
        return now.jsonPath();
      }
      LockSupport.parkNanos(Duration.ofMillis(10).toNanos());
    }
    throw new AssertionError("The run " + run + " did not end within " + PATIENCE);
  }

  /** Asserts that the answer is a problem document of that status and code. */
  public static Response problem(Response answer, int status, String code) {
    answer.then().statusCode(status).contentType("application/problem+json");
    JsonNode problem = json(answer);
    assertEquals(code, problem.path("code").textValue(), answer.asString());
    assertEquals(JSON.valueToTree(status), problem.path("status"), answer.asString());
    assertEquals("urn:errand:error:" + code, problem.path("type").textValue(), answer.asString());
    assertTrue(problem.hasNonNull("title"), answer.asString());
    assertTrue(problem.hasNonNull("detail"), answer.asString());
    return answer;
  }

  // RestAssured compiles a Groovy class for each path that it evaluates.
  private static JsonNode json(Response answer) {
    try {
      return JSON.readTree(answer.asString());
    } catch (JsonProcessingException e) {
      throw new AssertionError(answer.asString(), e);
    }
  }
}
