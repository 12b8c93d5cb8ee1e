package dev.errand.models.loop;

import static dev.errand.support.Api.TASKS;
import static dev.errand.support.Api.api;
import static dev.errand.support.Api.ended;
import static dev.errand.support.Api.problem;
import static dev.errand.support.Api.trigger;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.endsWith;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.hasItem;
import static org.hamcrest.Matchers.nullValue;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.errand.base.database.Sql;
import dev.errand.runs.task.TaskKeys;
import dev.errand.runs.task.TaskKeys.KeyRate;
import dev.errand.runs.task.TaskKeys.OpenedKey;
import dev.errand.support.HostedService;
import dev.errand.support.TestDatabase;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.TestProfile;
import io.restassured.path.json.JsonPath;
import jakarta.inject.Inject;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A runner that a port adds is registered, stored, shown and run like any other. */
@QuarkusTest
@TestProfile(HostedService.class)
@QuarkusTestResource(TestDatabase.class)
class SecondVendorTest {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final KeyRate RATE = new KeyRate(UUID.randomUUID(), false, false);
  private static final String TASK = TASKS + "/counted";
  private static final String PROVIDER = "/api/profiles/~/default/providers/counter";

  @Inject Sql sql;
  @Inject TaskKeys keys;

  private final List<JsonNode> asked = new CopyOnWriteArrayList<>();
  private HttpServer server;
  private String url = "";

  @BeforeEach
  void start() throws IOException {
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.createContext(
        "/v9/turns",
        exchange -> {
          asked.add(JSON.readTree(exchange.getRequestBody()));
          answer(
              exchange,
              """
              {"parts": [{"kind": "text", "text": "It is 42."}], "end": "done",
               "spent": {"read": 20, "written": 7}}""");
        });
    server.createContext("/v9/engines", exchange -> answer(exchange, "[\"m1\", \"m2\"]"));
    server.start();
    url = "http://127.0.0.1:" + server.getAddress().getPort() + "/v9";
  }

  @AfterEach
  void stop() {
    api().delete(TASK + "?force=true");
    api().delete(PROVIDER);
    server.stop(0);
  }

  private static void answer(HttpExchange exchange, String json) throws IOException {
    try (exchange) {
      assertEquals("a-key", exchange.getRequestHeaders().getFirst("x-secret"));
      byte[] body = json.getBytes(StandardCharsets.UTF_8);
      exchange.sendResponseHeaders(200, body.length);
      exchange.getResponseBody().write(body);
    }
  }

  private void register() {
    api()
        .body(
            Map.of(
                "runner",
                "abacus",
                "abacus",
                Map.of("prompt", "Count {{ what }}", "model", "m1", "beads", 9, "base_url", url),
                "settings",
                Map.of("key", "a-key")))
        .put(TASK)
        .then()
        .statusCode(201)
        .body("runner", equalTo("abacus"))
        .body("abacus.beads", equalTo(9));
  }

  @Test
  void itsTaskIsRegisteredShownPreviewedAndRun() throws Exception {
    register();
    api()
        .get(TASK)
        .then()
        .body("abacus.base_url", equalTo(url))
        .body("abacus.prompt", equalTo("Count {{ what }}"))
        .body("openai", nullValue());
    api()
        .body("{\"parameters\": {\"what\": \"sheep\"}}")
        .post(TASK + "/preview")
        .then()
        .statusCode(200)
        .body("request.url", equalTo(url + "/turns"))
        .body("request.body.beads", equalTo(9))
        .body("request.headers.x-secret", equalTo("$MODEL_KEY"));
    trigger("counted", "r", Map.of("what", "sheep")).then().statusCode(201);
    JsonPath run = ended("counted", "r");
    assertEquals("It is 42.", run.getString("output"), run.prettify());
    assertNull(run.get("results[-1].raw"));
    api()
        .get(TASK + "/runs/r?include=raw")
        .then()
        .body("results[-1].raw", hasItem(Map.of("kind", "text", "text", "It is 42.")));
    assertEquals(
        JSON.readTree(
            "{\"from\": \"user\", \"parts\": [{\"kind\": \"text\", \"text\": \"Count sheep\"}]}"),
        asked.getFirst().at("/turns/0"));
    assertEquals(9, asked.getFirst().path("beads").asInt());
    assertEquals(
        "{\"prompt\":\"Count {{ what }}\",\"model\":\"m1\",\"beads\":9,\"base_url\":\""
            + url
            + "\"}",
        sql.statement(
                "SELECT runner_settings FROM task WHERE name = 'counted' AND deleted_at IS NULL")
            .one(row -> row.text("runner_settings")));
  }

  @Test
  void itsTaskIsSentBackPatchedAndMovedToAnotherVendor() {
    register();
    String shown = api().get(TASK).asString();
    api().body(shown).put(TASK).then().statusCode(200).body("abacus.beads", equalTo(9));
    api()
        .body("{\"abacus\": {\"beads\": 7}}")
        .patch(TASK)
        .then()
        .statusCode(200)
        .body("abacus.beads", equalTo(7));
    problem(
        api()
            .body("{\"runner\": \"openai\", \"openai\": {\"prompt\": \"p\", \"model\": \"m\"}}")
            .patch(TASK),
        400,
        "key_required");
    api()
        .body(
            """
            {"runner": "openai", "openai": {"prompt": "p", "model": "m"},
             "settings": {"key": "sk-another"}}""")
        .patch(TASK)
        .then()
        .statusCode(200)
        .body("runner", equalTo("openai"))
        .body("openai.model", equalTo("m"))
        .body("abacus", nullValue());
  }

  @Test
  void aSchemaThatItsModelsDoNotTakeIsRefusedWithTheKeyword() {
    register();
    String schema = "{\"properties\": {\"age\": {\"minimum\": 0}}}";
    String settings = "{\"settings\": {\"output_schema\": " + schema + "}}";
    problem(api().body(settings).patch(TASK), 400, "invalid_input")
        .then()
        .body("errors[0].field", equalTo("settings.output_schema"))
        .body("detail", containsString("/properties/age/minimum"))
        .body("detail", containsString("abacus"));
    // It is a schema for the other vendor, and is refused when the task leaves that one.
    api()
        .body(
            """
            {"runner": "openai", "openai": {"prompt": "p", "model": "m"},
             "settings": {"key": "sk-another", "output_schema": %s}}"""
                .formatted(schema))
        .put(TASK)
        .then()
        .statusCode(200);
    problem(
        api()
            .body(
                "{\"runner\": \"abacus\", \"abacus\": {\"prompt\": \"p\", \"model\": \"m\","
                    + " \"base_url\": \"%s\"}, \"settings\": {\"key\": \"a-key\"}}".formatted(url))
            .patch(TASK),
        400,
        "invalid_input");
  }

  @Test
  void aKeyForTheConfiguredServerOfAnotherRunnerIsNotSent() {
    AbacusSettings fixed =
        new AbacusSettings("p", "m", null, null, null, null, OtherVendorPort.CONFIGURED, Map.of());
    assertEquals(fixed, keys.settings(fixed, new OpenedKey("a-key", "abacus", null, null)));
    for (boolean ofProvider : List.of(false, true)) {
      OpenedKey key = new OpenedKey("sk-another", "openai", null, ofProvider ? RATE : null);
      assertThrows(TaskKeys.KeyOfOtherServerException.class, () -> keys.settings(fixed, key));
    }
  }

  @Test
  void itsProviderListsItsModels() {
    api()
        .body(
            Map.of(
                "runner",
                "abacus",
                "abacus",
                Map.of("model", "m2", "beads", 5, "base_url", url),
                "settings",
                Map.of("key", "a-key")))
        .put(PROVIDER)
        .then()
        .statusCode(201)
        .body("abacus.beads", equalTo(5));
    api()
        .post(PROVIDER + "/check")
        .then()
        .statusCode(200)
        .body("ok", equalTo(true))
        .body("models", hasItem("m1"))
        .body("message", containsString("has the model m2"));
    api()
        .body("{\"provider\": \"~/default/counter\", \"abacus\": {\"prompt\": \"Count\"}}")
        .put(TASK)
        .then()
        .statusCode(201)
        .body("runner", equalTo("abacus"));
    trigger("counted", "r", Map.of()).then().statusCode(201);
    JsonPath run = ended("counted", "r");
    assertEquals("It is 42.", run.getString("output"), run.prettify());
    assertEquals("m2", asked.getFirst().path("engine").asText());
    assertEquals(5, asked.getFirst().path("beads").asInt());

    Map<String, Object> ofOther =
        Map.of(
            "runner",
            "openai",
            "openai",
            Map.of("model", "m2", "base_url", url),
            "settings",
            Map.of("key", "a-key"));
    problem(api().body(ofOther).put(PROVIDER), 409, "provider_in_use")
        .then()
        .body("detail", containsString("counted"));
    api().delete(TASK + "?force=true").then().statusCode(204);
    api().body(ofOther).put(PROVIDER).then().statusCode(200).body("runner", equalTo("openai"));
  }

  @Test
  void wrongRunnersAndFieldsAreNamed() {
    problem(api().body("{\"runner\": \"slide-rule\"}").put(TASK), 400, "invalid_input")
        .then()
        .body("errors[0].field", equalTo("runner"))
        .body("errors[0].message", equalTo("must be abacus or anthropic or openai or responses"));
    problem(
            api()
                .body(
                    """
                    {"runner": "abacus", "abacus": {"prompt": "p", "model": "m", "bead": 1}}
                    """)
                .put(TASK),
            400,
            "invalid_input")
        .then()
        .body("errors[0].field", equalTo("abacus.bead"))
        .body(
            "detail",
            equalTo(
                "abacus.bead is not a known field; known fields: base_url, beads, flow, frame,"
                    + " model, prompt, system."))
        .body(
            "errors[0].message",
            endsWith("known fields: base_url, beads, flow, frame, model, prompt, system"));
    problem(
            api().body("{\"runner\": \"abacus\", \"abacus\": {\"beads\": \"x\"}}").put(TASK),
            400,
            "invalid_input")
        .then()
        .body("errors[0].field", equalTo("abacus.beads"));
    problem(api().body("{\"runner\": \"abacus\", \"openai\": {}}").put(TASK), 400, "invalid_input")
        .then()
        .body("errors[0].field", equalTo("openai"));
    problem(
            api()
                .body(
                    """
                    {"runner": "abacus", "abacus": {"prompt": "p", "model": "m"}, "beads": 1}
                    """)
                .put(TASK),
            400,
            "invalid_input")
        .then()
        .body(
            "detail",
            equalTo(
                "beads is not a known field; known fields: abacus, anthropic, enabled, openai,"
                    + " provider, responses, runner, settings."));
    assertTrue(asked.isEmpty());
  }
}
