package dev.errand.packaged;

import static dev.errand.support.Api.TASKS;
import static dev.errand.support.Api.api;
import static dev.errand.support.Api.ended;
import static dev.errand.support.Api.register;
import static dev.errand.support.Api.trigger;
import static dev.errand.support.ScriptedModel.call;
import static dev.errand.support.ScriptedModel.error;
import static dev.errand.support.ScriptedModel.say;
import static dev.errand.support.Servlets.publish;
import static dev.errand.support.Servlets.variant;
import static dev.errand.support.Servlets.wasm;
import static io.restassured.RestAssured.given;
import static org.hamcrest.Matchers.anyOf;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.hasItem;
import static org.hamcrest.Matchers.hasItems;
import static org.hamcrest.Matchers.nullValue;
import static org.hamcrest.Matchers.startsWith;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.icegreen.greenmail.util.GreenMail;
import com.icegreen.greenmail.util.ServerSetup;
import com.sun.net.httpserver.HttpServer;
import dev.errand.automation.delivery.Receiver;
import dev.errand.identity.oidc.OidcBrowser;
import dev.errand.identity.oidc.ScriptedProvider;
import dev.errand.support.Events;
import dev.errand.support.Eventually;
import dev.errand.support.GrpcCollector;
import dev.errand.support.Mails;
import dev.errand.support.ScriptedModel;
import io.restassured.RestAssured;
import io.restassured.path.json.JsonPath;
import io.restassured.specification.RequestSpecification;
import jakarta.mail.internet.MimeMessage;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * What a user does with the service, by HTTP alone; each may be done again on the same database.
 */
final class Scenarios {
  private static final String INSTALLATIONS = "/api/profiles/~/default/installations";

  private Scenarios() {}

  /** A task is registered, and a run of it reads a page with a bundled servlet. */
  static void aFirstRun() throws IOException {
    HttpServer site =
        HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    site.createContext(
        "/page",
        exchange -> {
          byte[] body = "<h1>Soap</h1><p>All <b>one</b>.</p>".getBytes(StandardCharsets.UTF_8);
          exchange.getResponseHeaders().set("Content-Type", "text/html; charset=utf-8");
          exchange.sendResponseHeaders(200, body.length);
          exchange.getResponseBody().write(body);
          exchange.close();
        });
    site.start();
    String page = "http://127.0.0.1:" + site.getAddress().getPort() + "/page";
    try (ScriptedModel model = new ScriptedModel()) {
      model.script(
          request ->
              request.size() == 1
                  ? call("call_1", "fetch_fetch", "{\"url\":\"" + page + "\"}")
                  : say("It says: " + request.lastMessage().path("content").asText()));
      delete("digest");
      register("digest", "Read `{{ url }}` for me.", model).then().statusCode(201);
      trigger("digest", "first", Map.of("url", page)).then().statusCode(201);
      JsonPath run = ended("digest", "first");
      assertEquals("ready", run.getString("status"), run.prettify());
      assertEquals("It says: # Soap\n\nAll **one**.", run.getString("output"));
      assertEquals(
          List.of("message", "message", "call tool request", "call tool result", "final message"),
          run.getList("results.msg"));
      trigger("digest", "first", Map.of("url", "ignored")).then().statusCode(200);
      api().get(TASKS).then().statusCode(200).body("name", hasItem("digest"));
      api().get(TASKS + "/digest/usage").then().body("total.runs_ready", equalTo(1));
    } finally {
      site.stop(0);
    }
  }

  /** A bundled servlet is called without a model; it was compiled with the application. */
  static void aCallOfABundledServlet() {
    api()
        .body("{\"expression\": \"2 ^ 100 / 3\"}")
        .post(INSTALLATIONS + "/calc/tools/calculate")
        .then()
        .statusCode(200)
        .body("isError", equalTo(false))
        .body("content[0].text", containsString("422550200076076467165567735125"));
    api()
        .get("/api/servlets/errand/calc")
        .then()
        .statusCode(200)
        .body("versions[0].engine", equalTo("built-in"));
  }

  /** A servlet is published, judged, installed and called; what is no servlet is refused. */
  static void aPublishedServlet() {
    publish("~/echo", "visibility=public", wasm("c_echo"))
        .then()
        .statusCode(anyOf(equalTo(200), equalTo(201)))
        .body("versions[0].tools[0].name", equalTo("echo"));
    api().delete(INSTALLATIONS + "/said");
    api()
        .body(Map.of("servlet_slug", "admin/echo", "name", "said"))
        .post(INSTALLATIONS)
        .then()
        .statusCode(201);
    api()
        .body("{\"text\": \"hello\"}")
        .post(INSTALLATIONS + "/said/tools/echo")
        .then()
        .statusCode(200)
        .body("content[0].text", containsString("\"text\":\"hello\""));
    publish("~/bad", "", wasm("refused_import"))
        .then()
        .statusCode(400)
        .contentType("application/problem+json")
        .body("code", equalTo("invalid_servlet"));
  }

  /**
   * More modules of Go, each of three megabytes, than a small heap holds at a time: each answers,
   * twice.
   */
  static void manyLargeServlets() {
    List<String> names = List.of("large-1", "large-2", "large-3", "large-4");
    for (String name : names) {
      publish("~/" + name, "visibility=public&config=greeting", variant("go_probe", name))
          .then()
          .statusCode(anyOf(equalTo(200), equalTo(201)));
      api().delete(INSTALLATIONS + "/" + name);
      api()
          .body(
              Map.of(
                  "servlet_slug",
                  "admin/" + name,
                  "name",
                  name,
                  "settings",
                  Map.of("config", Map.of("greeting", name))))
          .post(INSTALLATIONS)
          .then()
          .statusCode(201);
    }
    for (int round = 0; round < 2; round++) {
      for (String name : names) {
        api()
            .body("{\"text\": \"x\"}")
            .post(INSTALLATIONS + "/" + name + "/tools/echo")
            .then()
            .statusCode(200)
            .body("isError", equalTo(false))
            .body("content[0].text", startsWith(name + " x"));
      }
    }
    names.forEach(name -> api().delete(INSTALLATIONS + "/" + name).then().statusCode(204));
  }

  /** A webhook starts a run, and its sender waits for the end. */
  static void aWebhook() {
    try (ScriptedModel model = new ScriptedModel()) {
      model.script(request -> say("Heard: " + request.lastMessage().path("content").asText()));
      delete("hooked");
      register("hooked", "{{ @payload }}", model).then().statusCode(201);
      String url =
          api()
              .post("/api/tasks/~/default/hooked/signed")
              .then()
              .statusCode(200)
              .extract()
              .path("url");
      given()
          .urlEncodingEnabled(false)
          .contentType("application/json")
          .body("{\"push\":1}")
          .post(url + "?wait=30")
          .then()
          .statusCode(200)
          .body("status", equalTo("ready"))
          .body("output", equalTo("Heard: {\"push\":1}"));
    }
  }

  /** The end of a run is told to a callback, signed. */
  static void aCallback() {
    try (Receiver receiver = new Receiver();
        ScriptedModel model = new ScriptedModel()) {
      delete("told");
      String secret =
          register(
                  "told",
                  "Hello",
                  model,
                  Map.of(
                      "key",
                      "sk-a-key-for-tests-1234",
                      "callbacks",
                      List.of(Map.of("url", receiver.url("/told")))))
              .then()
              .statusCode(201)
              .extract()
              .path("settings.callbacks[0].secret");
      trigger("told", "t", Map.of()).then().statusCode(201);
      Receiver.Call call = receiver.await(1).getFirst();
      assertEquals("run.ready", new JsonPath(call.body()).getString("type"));
      assertEquals("t", new JsonPath(call.body()).getString("data.run"));
      assertEquals(call.expected(secret), call.signature());
    }
  }

  /**
   * An address is confirmed by the link that is mailed to it, and told of a run that fails.
   *
   * @param port where the service expects its SMTP server
   */
  static void aMail(int port) {
    String profile = "/api/profiles/~/default";
    GreenMail server = new GreenMail(new ServerSetup(port, "127.0.0.1", "smtp"));
    server.start();
    try (ScriptedModel model = new ScriptedModel()) {
      model.script(request -> error(404, "model_not_found", "There is no such model."));
      delete("mailed");
      register("mailed", "Hello", model).then().statusCode(201);
      String mail = profile + "/channels/mailed";
      api()
          .body(Map.of("kind", "email", "to", "ada@example.org"))
          .put(mail)
          .then()
          .statusCode(201)
          .body("confirmation.error", nullValue());
      given()
          .contentType("application/x-www-form-urlencoded")
          .post(Mails.link(server.getReceivedMessages()[0], base()))
          .then()
          .statusCode(200);
      api().get(mail).then().body("confirmed", equalTo(true));
      api()
          .body(
              Map.of(
                  "events", List.of("run.error"), "channel", "mailed", "tasks", List.of("mailed")))
          .put(profile + "/notices/mailed")
          .then()
          .statusCode(201);
      trigger("mailed", "m", Map.of()).then().statusCode(201);
      assertTrue(server.waitForIncomingEmail(60_000, 2));
      MimeMessage told = server.getReceivedMessages()[1];
      assertEquals("A run of the task mailed failed", Mails.subject(told));
      for (String type : List.of("text/plain", "text/html")) {
        assertTrue(Mails.part(told, type).contains("Choose a model that the server has"));
      }
      api().delete(profile + "/notices/mailed").then().statusCode(204);
      api().delete(mail).then().statusCode(204);
    } finally {
      server.stop();
    }
  }

  /** A run is watched by Server-Sent Events until it ends. */
  static void aStream() {
    try (ScriptedModel model = new ScriptedModel()) {
      delete("watched");
      register("watched", "Hello", model).then().statusCode(201);
      trigger("watched", "w", Map.of()).then().statusCode(201);
      try (Events events = Events.of(URI.create(base() + TASKS + "/watched/runs/w/events"), null)) {
        assertTrue(events.awaitOver());
        assertEquals(
            List.of("0", "1"), events.named("entry").stream().map(Events.Event::id).toList());
        assertEquals(1, events.named("end").size());
      }
    }
  }

  /**
   * An answer is checked against a schema, which is checked itself, and is repaired; and the run
   * against what is expected of it, as is what is expected.
   */
  static void aStructuredAnswer() {
    try (ScriptedModel model = new ScriptedModel()) {
      delete("shaped");
      model.script(request -> say(request.size() == 1 ? "{\"n\": \"x\"}" : "{\"n\": 42}"));
      Map<String, Object> schema =
          Map.of(
              "type", "object",
              "required", List.of("n"),
              "properties", Map.of("n", Map.of("$ref", "#/$defs/n")),
              "patternProperties", Map.of("^x-\\p{L}+$", Map.of("format", "date")),
              "$defs", Map.of("n", Map.of("type", "integer", "minimum", 1)));
      Map<String, Object> settings =
          withExpected(
              "result.n == 42 && output.matches('^[{].*[}]$') && usage.steps == 2"
                  + " && [1, 2].exists(n, double(n) * 21.0 == result.n) && !('output_cut' in warnings)");
      register("shaped", "Hello", model, withExpected("size(output)")).then().statusCode(400);
      register("shaped", "Hello", model, withSchema(settings, Map.of("type", "none")))
          .then()
          .statusCode(400);
      register("shaped", "Hello", model, withSchema(settings, schema)).then().statusCode(201);
      trigger("shaped", "s", Map.of()).then().statusCode(201);
      JsonPath run = ended("shaped", "s");
      assertEquals(42, run.getInt("result.n"), run.prettify());
      assertTrue(run.getString("results[2].exchange.content").contains("/n is string"));
      register("shaped", "Hello", model, withExpected("output.contains('99')"))
          .then()
          .statusCode(200);
      trigger("shaped", "failed", Map.of()).then().statusCode(201);
      assertEquals("expectation_failed", ended("shaped", "failed").getString("error.code"));
    }
  }

  private static Map<String, Object> withExpected(String condition) {
    return Map.of("key", "sk-a-key-for-tests-1234", "expect", Map.of("when", condition));
  }

  private static Map<String, Object> withSchema(
      Map<String, Object> settings, Map<String, Object> schema) {
    Map<String, Object> all = new HashMap<>(settings);
    all.put("output_schema", schema);
    return all;
  }

  /** A tool call waits by its condition until a person approves it with other arguments. */
  static void aCallThatWaits() {
    try (ScriptedModel model = new ScriptedModel()) {
      delete("asking");
      model.script(
          request ->
              request.size() == 1
                  ? call("c", "calc_calculate", "{\"expression\": \"6*7\"}")
                  : say("Done."));
      Map<String, Object> rules =
          Map.of("calc_calculate", Map.of("when", "arguments.expression.contains('*')"));
      register(
              "asking",
              "Hello",
              model,
              Map.of("key", "sk-a-key-for-tests-1234", "approvals", rules))
          .then()
          .statusCode(201);
      trigger("asking", "a", Map.of()).then().statusCode(201);
      String run = TASKS + "/asking/runs/a";
      Eventually.await(
          "a run that waits", () -> api().get(run).path("waiting_for.approvals[0]") != null);
      String id = api().get(run).path("waiting_for.approvals[0]");
      api()
          .body(Map.of("decision", "edit", "arguments", Map.of("expression", "6+7")))
          .post("/api/profiles/~/default/approvals/" + id)
          .then()
          .statusCode(200)
          .body("status", equalTo("edited"))
          .body("changed.expression", equalTo("6+7"));
      JsonPath ended = ended("asking", "a");
      assertEquals("ready", ended.getString("status"), ended.prettify());
      assertTrue(ended.getString("results[5].exchange.content").endsWith("13"), ended.prettify());
    }
  }

  /** A schedule is parsed and described. */
  static void aSchedule() {
    try (ScriptedModel model = new ScriptedModel()) {
      delete("timed");
      register("timed", "Hello", model).then().statusCode(201);
      api()
          .body(Map.of("cron", "0 9 * * 1-5", "timezone", "Europe/Berlin"))
          .put(TASKS + "/timed/schedules/mornings")
          .then()
          .statusCode(201)
          .body("next.size()", equalTo(5));
    }
  }

  /**
   * The probes answer, and name what they have looked at, at a port of their own as metrics do.
   *
   * @param port that one
   */
  static void theProbes(int port) {
    RequestSpecification management = given().port(port);
    management.get("/q/health/started").then().statusCode(200).body("status", equalTo("UP"));
    management.get("/q/health/live").then().statusCode(200).body("status", equalTo("UP"));
    management.get("/q/metrics").then().statusCode(200).body(containsString("errand_queue_runs"));
    for (String path : List.of("/q/health", "/q/health/ready", "/q/metrics")) {
      given().get(path).then().statusCode(404);
    }
    given().get("/q/openapi").then().statusCode(200);
    management.get("/api/users/~").then().statusCode(404);
    management
        .get("/q/health/ready")
        .then()
        .statusCode(200)
        .body(
            "checks.name",
            hasItems(
                "Database connections health check", "master key", "schema", "database writes"));
  }

  /** A request that is not as it should be is answered with a problem that names it. */
  static void aProblem() {
    api()
        .body("{\"runner\": \"openai\", \"colour\": 1}")
        .put(TASKS + "/problem")
        .then()
        .statusCode(400)
        .contentType("application/problem+json")
        .body("code", equalTo("invalid_input"))
        .body("errors.field", hasItem("colour"));
    given().get(TASKS).then().statusCode(401).contentType("application/problem+json");
  }

  /** A person signs in by the scripted provider, and is signed out because it says so. */
  static void aSignIn() {
    given().get("/sign-in").then().statusCode(200).body(containsString("sign-in/oidc"));
    ScriptedProvider.signsIn("lin");
    String session = OidcBrowser.session();
    given().cookie("sessionId", session).get(TASKS).then().statusCode(200);
    given()
        .contentType("application/x-www-form-urlencoded")
        .formParam("logout_token", ScriptedProvider.logoutOf("lin"))
        .post("/sign-in/oidc/backchannel-logout")
        .then()
        .statusCode(200);
    given().cookie("sessionId", session).get(TASKS).then().statusCode(401);
  }

  /** A run sends its spans to a collector. */
  static void aTracedRun() {
    try (ScriptedModel model = new ScriptedModel()) {
      model.script(request -> say("Fine."));
      delete("traced-by-grpc");
      register("traced-by-grpc", "Say that you are fine.", model).then().statusCode(201);
      trigger("traced-by-grpc", "first", Map.of()).then().statusCode(201);
      ended("traced-by-grpc", "first");
      GrpcCollector.await("traced-by-grpc");
    }
  }

  /**
   * All that need no other peer, one after the other.
   *
   * @param managementPort the port of health and metrics
   */
  static void all(int managementPort) throws IOException {
    theProbes(managementPort);
    aProblem();
    aFirstRun();
    aCallOfABundledServlet();
    aPublishedServlet();
    aWebhook();
    aCallback();
    aStream();
    aStructuredAnswer();
    aCallThatWaits();
    aSchedule();
  }

  private static void delete(String task) {
    api().delete(TASKS + "/" + task + "?force=true");
  }

  private static String base() {
    return RestAssured.baseURI + ":" + RestAssured.port;
  }
}
