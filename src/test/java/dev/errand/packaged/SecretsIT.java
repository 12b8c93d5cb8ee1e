package dev.errand.packaged;

import static dev.errand.support.Api.TASKS;
import static dev.errand.support.Api.api;
import static dev.errand.support.ScriptedMcp.tool;
import static io.restassured.RestAssured.given;
import static org.hamcrest.Matchers.equalTo;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.errand.app.database.EmbeddedDatabase;
import dev.errand.support.Api;
import dev.errand.support.ApiToken;
import dev.errand.support.ScriptedIssuer;
import dev.errand.support.ScriptedMcp;
import dev.errand.support.ScriptedModel;
import io.restassured.RestAssured;
import io.restassured.http.ContentType;
import io.restassured.specification.RequestSpecification;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledIfSystemProperty;
import org.junit.jupiter.api.io.TempDir;

/** After a thousand requests, no secret of a user is in the heap, the database or the log. */
@DisabledIfSystemProperty(named = "packaged.native", matches = "true")
class SecretsIT {
  private static final int REQUESTS = 1000;
  private static final String PASSWORD = "a-password-that-nobody-else-has";
  private static final String KEY = "sk-a-key-that-nobody-else-has";
  private static final String HEADER = "a-header-that-nobody-else-has";
  private static final String CLIENT_SECRET = "a-client-secret-that-nobody-has";
  private static final String TASK_KEY = "sk-another-key-that-nobody-has";
  private static final String TOPIC = "a-topic-that-nobody-else-has";
  private static final String TOPIC_TOKEN = "tk_a-token-that-nobody-else-has";

  /** Buffers for input and output are longer, and texts of requests shorter. */
  private static final int LONGEST_TEXT = 2000;

  @TempDir Path folder;

  private EmbeddedDatabase database;

  @BeforeEach
  void start() {
    database = EmbeddedDatabase.startIn(folder);
  }

  @AfterEach
  void stop() {
    RestAssured.reset();
    database.stop();
  }

  @Test
  void noSecretStays() throws Exception {
    Map<String, String> environment = Packaged.environment(database, "postgres", folder);
    environment.put("QUARKUS_LOG_LEVEL", "DEBUG");
    try (ScriptedModel model = new ScriptedModel();
        Packaged service =
            Packaged.start("secrets", List.of("-Xmx256m"), environment).awaitReady()) {
      model.script(request -> ScriptedModel.say("Done."));
      RestAssured.port = service.port();
      List<String> secrets = new ArrayList<>(use(model));
      secrets.addAll(useRemoteServers());
      HeapDump heap = HeapDump.of(service.pid(), folder.resolve("heap.hprof"));

      assertTrue(
          heap.count(List.of("quarkus-run.jar"), LONGEST_TEXT).containsKey("quarkus-run.jar"),
          "the dump is read");
      assertEquals(Map.of(), heap.count(secrets, LONGEST_TEXT));
      assertEquals(List.of(), inDatabase(secrets));
      String log = Files.readString(Path.of("target", "secrets.log"));
      assertEquals(List.of(), secrets.stream().filter(log::contains).toList());
    }
  }

  /** Uses all kinds of secrets; what they are. */
  private static List<String> use(ScriptedModel model) {
    String invitation =
        api()
            .body("{\"role\": \"member\"}")
            .put("/api/users/grace")
            .then()
            .statusCode(201)
            .extract()
            .path("invitation_url");
    json().body(Map.of("password", PASSWORD)).post(invitation).then().statusCode(201);
    String session =
        json()
            .body(Map.of("username", "grace", "password", PASSWORD))
            .post("/api/sessions")
            .then()
            .statusCode(201)
            .extract()
            .path("session");
    RequestSpecification hers = json().header("Authorization", "Bearer " + session);
    ApiToken token = ApiToken.make(hers, List.of("read", "run", "write"), Map.of());
    Map<String, String> openai = Map.of("model", "gpt-4o", "base_url", model.url());
    token
        .api()
        .body(Map.of("runner", "openai", "openai", openai, "settings", Map.of("key", KEY)))
        .put("/api/users/~/providers/shared")
        .then()
        .statusCode(201);
    token
        .api()
        .body("{\"provider\": \"~/shared\", \"openai\": {\"prompt\": \"Hello\"}}")
        .put(TASKS + "/by-provider")
        .then()
        .statusCode(201);
    token
        .api()
        .body(Api.task("Hello", model.url(), Map.of("key", TASK_KEY)))
        .put(TASKS + "/by-key")
        .then()
        .statusCode(201);
    String channel = "/api/profiles/~/default/channels/topic";
    token
        .api()
        .body(
            Map.of(
                "kind",
                "ntfy",
                "url",
                URI.create(model.url()).resolve("/" + TOPIC).toString(),
                "token",
                TOPIC_TOKEN))
        .put(channel)
        .then()
        .statusCode(201);
    token.api().post(channel + "/test").then().statusCode(200);
    for (int i = 0; i < REQUESTS / 4; i++) {
      String runs = TASKS + (i % 2 == 0 ? "/by-provider" : "/by-key") + "/runs/run-" + i;
      token.api().put(runs).then().statusCode(201);
      json().cookie("sessionId", session).get(runs + "?wait=60").then().statusCode(200);
      json().cookie("sessionId", token.text()).get(runs).then().statusCode(200);
      json().header("Authorization", "Bearer " + session).get("/api/users/~");
    }
    String code = invitation.substring(invitation.lastIndexOf('/') + 1);
    return List.of(PASSWORD, KEY, TASK_KEY, TOPIC, TOPIC_TOKEN, session, token.text(), code);
  }

  /** Uses remote servers with a header field and with tokens of OAuth; what is secret of them. */
  private static List<String> useRemoteServers() {
    String installations = "/api/profiles/~/default/installations";
    try (ScriptedIssuer issuer = new ScriptedIssuer();
        ScriptedMcp guarded = new ScriptedMcp().tools(tool("a", "")).guarded(issuer);
        ScriptedMcp other = new ScriptedMcp().tools(tool("a", ""))) {
      // They are renewed at each use.
      issuer.tokens(0, true);
      api()
          .body(
              "{\"name\": \"other\", \"mcp\": {\"url\": \"%s\", \"headers\": {\"X-Key\": \"%s\"}}}"
                  .formatted(other.url(), HEADER))
          .post(installations)
          .then()
          .statusCode(201);
      api()
          .body(
              "{\"name\": \"guarded\", \"mcp\": {\"url\": \"%s\", \"auth\": \"oauth\", \"oauth\": {\"client_id\": \"by-hand\", \"client_secret\": \"%s\"}}}"
                  .formatted(guarded.url(), CLIENT_SECRET))
          .post(installations)
          .then()
          .statusCode(201);
      String redirect = api().get(installations + "/guarded").path("mcp.oauth.redirect_url");
      issuer.client("by-hand", CLIENT_SECRET, redirect);
      String address = issuer.confirm(api(), installations + "/guarded/connect").header("Location");
      Map<String, String> answer = issuer.agree(address);
      api().queryParams(answer).get(redirect).then().statusCode(200);
      for (int i = 0; i < REQUESTS / 20; i++) {
        for (String name : List.of("other", "guarded")) {
          api()
              .body("{}")
              .post(installations + "/" + name + "/tools/a")
              .then()
              .statusCode(200)
              .body("isError", equalTo(false));
        }
      }
      api().delete(installations + "/guarded/connect").then().statusCode(204);
      assertTrue(issuer.given().size() > REQUESTS / 20, "tokens were renewed");
      List<String> secrets = new ArrayList<>(issuer.given());
      secrets.addAll(List.of(HEADER, CLIENT_SECRET, String.valueOf(answer.get("state"))));
      return secrets;
    }
  }

  private static RequestSpecification json() {
    return given().urlEncodingEnabled(false).contentType(ContentType.JSON);
  }

  /** The secrets that stand in a row of any table, with the table. */
  private List<String> inDatabase(List<String> secrets) throws Exception {
    List<String> found = new ArrayList<>();
    try (Connection connection =
            DriverManager.getConnection(
                database.url(), EmbeddedDatabase.USER, database.password());
        Statement statement = connection.createStatement()) {
      List<String> tables = new ArrayList<>();
      try (ResultSet rows =
          statement.executeQuery(
              "SELECT format('%I', tablename) FROM pg_tables WHERE schemaname = 'public'")) {
        while (rows.next()) {
          tables.add(rows.getString(1));
        }
      }
      for (String table : tables) {
        try (ResultSet rows = statement.executeQuery("SELECT " + table + "::text FROM " + table)) {
          while (rows.next()) {
            String row = rows.getString(1);
            secrets.stream().filter(row::contains).forEach(secret -> found.add(table));
          }
        }
      }
    }
    return found;
  }
}
