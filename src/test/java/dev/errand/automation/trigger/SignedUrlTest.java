package dev.errand.automation.trigger;

import static dev.errand.automation.trigger.Hooks.json;
import static dev.errand.automation.trigger.Hooks.post;
import static dev.errand.support.Api.TASKS;
import static dev.errand.support.Api.api;
import static dev.errand.support.Api.ended;
import static dev.errand.support.Api.problem;
import static dev.errand.support.Api.register;
import static dev.errand.support.Api.trigger;
import static dev.errand.support.ScriptedModel.say;
import static io.restassured.RestAssured.given;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.endsWith;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.hasKey;
import static org.hamcrest.Matchers.hasSize;
import static org.hamcrest.Matchers.matchesPattern;
import static org.hamcrest.Matchers.not;
import static org.hamcrest.Matchers.nullValue;
import static org.hamcrest.Matchers.startsWith;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;

import dev.errand.support.ScriptedModel;
import dev.errand.support.TestDatabase;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.http.ContentType;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

@Tag("lambda")
@QuarkusTest
@QuarkusTestResource(TestDatabase.class)
class SignedUrlTest {
  private static final String SIGNED = "/api/tasks/~/default/hooked/signed";
  private static final String TRIGGERS = TASKS + "/hooked/triggers";
  private static final String RUN = "/api/runs/admin/default/hooked/";
  private static final String JSON = "application/json";

  private final ScriptedModel model = new ScriptedModel();

  @BeforeEach
  void aTask() {
    model.script(request -> say(request.lastMessage().path("content").asText()));
    register("hooked", "{{# who }}Greet {{ who }}. {{/ who }}{{ @payload }}", model);
  }

  @AfterEach
  void stop() {
    api().delete("/api/profiles/~/default/pause");
    api().delete(TASKS + "/hooked?force=true").then().statusCode(204);
    model.close();
  }

  @Test
  void aPostToTheSignedUrlStartsARunWithoutASession() {
    String url =
        api()
            .contentType(ContentType.ANY)
            .post(SIGNED)
            .then()
            .statusCode(200)
            .body("$", equalTo(Map.of("url", signedUrl())))
            .body("url", matchesPattern("http://[^/]+/hooks/[A-Za-z0-9_-]{64}"))
            .extract()
            .path("url");

    json(url, "{\"who\":\"Ada\"}", Map.of("run-id", "first"))
        .then()
        .statusCode(202)
        .body("$", equalTo(addresses(url, "first")));
    ended("hooked", "first");
    api()
        .get(TASKS + "/hooked/runs/first")
        .then()
        .body("output", equalTo("Greet Ada. {\"who\":\"Ada\"}"))
        .body("parameters", equalTo(Map.of("who", "Ada")))
        .body("trigger", equalTo(Map.of("kind", "webhook", "trigger", "signed", "scheme", "url")));
  }

  private static Map<String, String> addresses(String trigger, String run) {
    String base = trigger.replaceAll("/hooks/.*", "");
    return Map.of(
        "url",
        base + RUN + run,
        "run_url",
        base + "/api/profiles/admin/default/tasks/hooked/runs/" + run);
  }

  @Test
  void theRunUrlThatTheSenderGotNeedsASession() {
    String url = post(signedUrl(), JSON, "{\"who\":\"Ada\"}").then().extract().path("url");
    String path = url.substring(url.indexOf("/api/"));
    ended("hooked", path.substring(path.lastIndexOf('/') + 1));

    api()
        .get(path)
        .then()
        .statusCode(200)
        .body("url", equalTo(url))
        .body("status", equalTo("ready"))
        .body("results[0].exchange.content", equalTo("Greet Ada. {\"who\":\"Ada\"}"))
        .body("results.last().lastMessage.content", startsWith("Greet Ada."));
    problem(given().get(path), 401, "unauthenticated");
  }

  @Test
  void aDisabledTriggerStartsNothingAndKeepsItsDeliveries() {
    String url = signedUrl();
    api()
        .body(Map.of("scheme", "url", "enabled", false))
        .put(TRIGGERS + "/signed")
        .then()
        .statusCode(200)
        .body("enabled", equalTo(false))
        .body("url", equalTo(url));
    problem(json(url, "{\"who\":\"Ada\"}", Map.of("run-id", "off")), 409, "trigger_disabled");
    problem(api().get(TASKS + "/hooked/runs/off"), 404, "run_not_found");
    int kept =
        api()
            .get(TRIGGERS + "/signed/deliveries")
            .then()
            .body("[0].verdict", equalTo("failed"))
            .body("[0].code", equalTo("trigger_disabled"))
            .body("[0].replayable", equalTo(true))
            .extract()
            .path("[0].id");
    api().post(TRIGGERS + "/signed/deliveries/" + kept + "/replay").then().statusCode(202);
    api().body(Map.of("scheme", "url")).put(TRIGGERS + "/signed").then().statusCode(200);
    json(url, "{\"who\":\"Ada\"}", Map.of("run-id", "on")).then().statusCode(202);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "text/plain|plain text, é 🎉|plain text, é 🎉",
        "application/json|[1, 2]|[1, 2]",
        "application/xml|<a>{{who}}</a>|<a>{{who}}</a>",
        "application/json|{\"cut|{\"cut",
        "application/x-www-form-urlencoded|who=Ada+L.&x=1|Greet Ada L.. who=Ada+L.&x=1",
        "application/x-www-form-urlencoded|{\"who\":\"Ada\"}|Greet Ada. {\"who\":\"Ada\"}",
        "multipart/form-data; boundary=b|--b|--b",
        "image/png|''|''",
        "application/json|{\"a\":1e999999999999}|{\"a\":1e999999999999}",
        "application/json|{\"who\":\"x\\ud800y\"}|Greet x\uFFFDy. {\"who\":\"x\\ud800y\"}",
      })
  void anyBodyStartsARun(String type, String body, String prompt) {
    post(signedUrl() + "?wait=60", type, body)
        .then()
        .statusCode(200)
        .body("status", equalTo("ready"))
        .body("output", equalTo(prompt))
        .body("error", nullValue())
        .body("url", startsWith("http"));
  }

  @Test
  void aWaitingSenderGetsTheResultOfATaskWithASchema() {
    api()
        .body("{\"settings\": {\"output_schema\": {\"type\": \"object\"}}}")
        .patch(TASKS + "/hooked")
        .then()
        .statusCode(200);
    model.script(request -> ScriptedModel.say("{\"a\": [1]}"));
    post(signedUrl() + "?wait=60", JSON, "{}")
        .then()
        .statusCode(200)
        .body("result.a[0]", equalTo(1));
  }

  @Test
  void aWaitingSenderGetsTheEndOrElseTheUrl() throws Exception {
    CountDownLatch released = new CountDownLatch(1);
    model.script(
        request -> {
          try {
            released.await();
          } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
          }
          return ScriptedModel.error(401, "invalid_api_key", "No.");
        });
    json(signedUrl() + "?wait=1", "{}", Map.of("run-id", "slow"))
        .then()
        .statusCode(202)
        .body("$", not(hasKey("status")))
        .body("url", endsWith(RUN + "slow"));
    released.countDown();
    json(signedUrl() + "?wait=60", "{}", Map.of("run-id", "slow"))
        .then()
        .statusCode(200)
        .body("status", equalTo("error"))
        .body("output", nullValue())
        .body("error.code", equalTo("key_refused"));
    assertEquals(1, model.requests().size());
  }

  @ParameterizedTest
  @ValueSource(strings = {"-1", "61", "x", "1.5", "999999999999"})
  void aWaitOutOfBoundsStartsNothing(String wait) {
    problem(post(signedUrl() + "?wait=" + wait, JSON, "{}"), 400, "invalid_input");
    api().get(TASKS + "/hooked/runs").then().body("$", hasSize(0));
  }

  @Test
  void aDeliveryThatIsSentAgainStartsNothing() {
    String url = signedUrl();
    for (int i = 0; i < 3; i++) {
      json(url, "{\"n\":" + i + "}", Map.of("X-GitHub-Delivery", "72d3162e"))
          .then()
          .statusCode(202)
          .header("Errand-Note", i == 0 ? nullValue() : containsString("with other parameters"))
          .body("url", endsWith(RUN + "72d3162e"));
    }
    json(url, "{\"n\":0}", Map.of("X-GitHub-Delivery", "72d3162e"))
        .then()
        .statusCode(202)
        .header("Errand-Note", nullValue());
    String odd =
        json(url, "{}", Map.of("webhook-id", "a/b@c"))
            .then()
            .statusCode(202)
            .body("url", matchesPattern(".*/sha256%3A[0-9a-f]{64}"))
            .extract()
            .path("url");
    assertEquals(odd, json(url, "{}", Map.of("webhook-id", "a/b@c")).path("url"));
    ended("hooked", "72d3162e");
    api().get(odd.substring(odd.indexOf("/api/"))).then().statusCode(200);

    api()
        .get(TASKS + "/hooked/runs")
        .then()
        .body("$", hasSize(2))
        .body("find { it.name == '72d3162e' }.parameters.n", equalTo(0));
    problem(json(url, "{}", Map.of("run-id", "a@b")), 400, "invalid_input");
  }

  @Test
  void guessingARunsNameDoesNotRevealItsOutput() {
    String other = Hooks.url("hooked", "other", "url", List.of());
    trigger("hooked", "monday", Map.of()).then().statusCode(201);
    ended("hooked", "monday");
    Hooks.run(json(other, "{}", Map.of("run-id", "others")));
    ended("hooked", "others");
    String url = signedUrl();
    for (String name : List.of("monday", "others")) {
      json(url + "?wait=60", "{\"n\":1}", Map.of("run-id", name))
          .then()
          .statusCode(202)
          .header("Errand-Note", nullValue())
          .body("$", equalTo(addresses(url, name)));
    }
    json(other + "?wait=60", "{}", Map.of("run-id", "others"))
        .then()
        .statusCode(200)
        .body("status", equalTo("ready"));

    api().delete(TRIGGERS + "/other").then().statusCode(204);
    json(
            Hooks.url("hooked", "other", "url", List.of()) + "?wait=60",
            "{}",
            Map.of("run-id", "others"))
        .then()
        .statusCode(202);
  }

  @Test
  void aBodyNamesNoRun() {
    String url = signedUrl();
    String first = post(url, JSON, "{\"id\":\"evt_1\",\"run\":\"x\"}").path("url");
    String second = post(url, JSON, "{\"id\":\"evt_1\",\"run\":\"x\"}").path("url");

    assertNotEquals(first, second);
  }

  @Test
  void aDisabledTaskAndAPausedProfileRefuseVisibly() {
    String url = signedUrl();
    Hooks.run(json(url, "{}", Map.of("run-id", "before")));
    api().put("/api/profiles/~/default/pause").then().statusCode(200);
    problem(post(url, JSON, "{}"), 409, "profile_paused");
    Hooks.run(json(url, "{}", Map.of("run-id", "before")));
    api().delete("/api/profiles/~/default/pause").then().statusCode(204);

    api()
        .body(
            Map.of(
                "runner",
                "openai",
                "enabled",
                false,
                "openai",
                Map.of("prompt", "Hello", "model", "gpt-4o", "base_url", model.url())))
        .put(TASKS + "/hooked")
        .then()
        .statusCode(200);
    problem(post(url, JSON, "{}"), 409, "task_disabled");
    api()
        .get(TRIGGERS + "/signed/deliveries")
        .then()
        .body("code", equalTo(Arrays.asList("task_disabled", null, "profile_paused", null)))
        .body("verdict", equalTo(List.of("failed", "known", "failed", "started")));
    api().get(TASKS + "/hooked/runs").then().body("$", hasSize(1));
  }

  @Test
  void missingParametersAreNamedAndNothingIsStarted() {
    register("hooked", "Read {{ url }}", model).then().statusCode(200);

    problem(post(signedUrl(), JSON, "{\"u\":1}"), 400, "missing_parameters");
    problem(
        post(signedUrl(), JSON, "{\"url\":\"" + "x".repeat(256 * 1024) + "\"}"), 413, "too_large");
    api().get(TASKS + "/hooked/runs").then().body("$", hasSize(0));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"json", "utf-8", "garbage///;;", "application/json, application/json", "/", ";"})
  void aBodyOfAnyContentTypeIsAccepted(String type) throws Exception {
    assertEquals(202, posted("content-type", type));
    api()
        .get(TRIGGERS + "/signed/deliveries")
        .then()
        .body("verdict", equalTo(List.of("started")))
        .body("content_type", equalTo(List.of(type)));
    api().get(TASKS + "/hooked/runs").then().body("[0].parameters.who", equalTo("Ada"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"text/html", "nothing", "text/html, */*;q=0"})
  void theAnswerIsJsonForAnyAcceptHeader(String accepted) throws Exception {
    assertEquals(202, posted("accept", accepted));
  }

  private static int posted(String field, String value) throws Exception {
    try (HttpClient client = HttpClient.newHttpClient()) {
      HttpRequest.Builder request =
          HttpRequest.newBuilder(URI.create(signedUrl()))
              .POST(HttpRequest.BodyPublishers.ofString("{\"who\":\"Ada\"}"));
      return client
          .send(request.header(field, value).build(), HttpResponse.BodyHandlers.discarding())
          .statusCode();
    }
  }

  private static String signedUrl() {
    return api().post(SIGNED).then().statusCode(200).extract().path("url");
  }
}
