package dev.errand.packaged;

import static dev.errand.support.Api.TASKS;
import static dev.errand.support.Api.api;
import static dev.errand.support.Api.ended;
import static dev.errand.support.Api.register;
import static dev.errand.support.Api.trigger;
import static io.restassured.RestAssured.given;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.greaterThan;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.errand.app.database.EmbeddedDatabase;
import dev.errand.support.Eventually;
import dev.errand.support.ScriptedModel;
import io.restassured.RestAssured;
import io.restassured.path.json.JsonPath;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.Statement;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The master key is changed while the service runs, and the former one is dropped. */
class KeyRotationIT {
  private static final String NEW_KEY = "ICEiIyQlJicoKSorLC0uLzAxMjM0NTY3ODk6Ozw9Pj8=";
  private static final int TASKS_TO_SEAL = 150;

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
  void everythingIsResealedAndTheOldKeyIsRemoved() throws Exception {
    try (Connection connection = connect("postgres");
        Statement statement = connection.createStatement()) {
      statement.execute("CREATE DATABASE rotated");
    }
    Map<String, String> environment = Packaged.environment(database, "rotated", folder);
    String former = environment.get("ERRAND_SECRET_KEY");
    String address;
    try (ScriptedModel model = new ScriptedModel()) {
      model.script(request -> ScriptedModel.say("Done."));
      try (Packaged service = start("rotated-1", environment)) {
        for (int i = 0; i < TASKS_TO_SEAL; i++) {
          register(
                  "task-" + i,
                  "Hello",
                  model,
                  Map.of(
                      "key",
                      "sk-a-key-for-tests-1234",
                      "callbacks",
                      List.of(Map.of("url", model.url() + "/hook"))))
              .then()
              .statusCode(201);
        }
        address = signedAddress();
        webhook();
        api()
            .body(
                "{\"servlet_slug\": \"errand/fetch\", \"name\": \"mine\","
                    + " \"settings\": {\"config\": {\"key\": \"sk-a-setting\"}}}")
            .post("/api/profiles/~/default/installations")
            .then()
            .statusCode(201);
        api()
            .body(
                "{\"kind\": \"ntfy\", \"url\": \"https://ntfy.example/t\","
                    + " \"token\": \"tk_a_token\"}")
            .put("/api/profiles/~/default/channels/ops")
            .then()
            .statusCode(201);
        api().get("/api/admin/reseal").then().body("may_drop_previous_keys", equalTo(true));
        service.requestStop();
        assertEquals(0, stopped(service));
      }
      environment.put("ERRAND_SECRET_KEY", NEW_KEY);
      environment.put("ERRAND_SECRET_PREVIOUS_KEYS", former);
      try (Packaged service = start("rotated-2", environment)) {
        JsonPath before = api().get("/api/admin/reseal").jsonPath();
        assertEquals(false, before.getBoolean("may_drop_previous_keys"));
        assertTrue(before.getLong("total") > TASKS_TO_SEAL, before.prettify());
        api().post("/api/admin/reseal").then().statusCode(202).body("total", greaterThan(150));
        trigger("task-0", "while-it-goes-on", Map.of());
        Eventually.await(
            "the end of sealing",
            () -> api().get("/api/admin/reseal").jsonPath().get("finished_at") != null);
        JsonPath after = api().get("/api/admin/reseal").jsonPath();
        assertTrue(after.getBoolean("may_drop_previous_keys"), after.prettify());
        assertEquals(after.getLong("total"), after.getLong("done"));
        assertEquals(0, after.getLong("failed"));
        ended("task-0", "while-it-goes-on");
        service.requestStop();
        assertEquals(0, stopped(service));
      }
      environment.remove("ERRAND_SECRET_PREVIOUS_KEYS");
      // The operator's session lets in where nobody else can sign in.
      execute("UPDATE account SET role = 'member', disabled_at = now() WHERE username = 'admin'");
      try (Packaged service = start("rotated-3", environment)) {
        api().get("/api/users/~").then().body("role", equalTo("admin"));
        trigger("task-1", "with-the-new-key-alone", Map.of());
        assertEquals("ready", ended("task-1", "with-the-new-key-alone").getString("status"));
        assertEquals("Bearer sk-a-key-for-tests-1234", model.requests().getLast().authorization());
        // The port is another one, and the address the same.
        URI now = new URI("http", null, "127.0.0.1", service.port(), address, null, null);
        given().body("{}").post(now).then().statusCode(202);
        api()
            .body("{\"arguments\": {}}")
            .post("/api/profiles/~/default/installations/mine/tools/fetch")
            .then()
            .statusCode(200);
        assertEquals("1", one("SELECT count(DISTINCT key) FROM (" + keyIds() + ") AS all_of_them"));
        assertTrue(
            !Files.readString(Path.of("target", "rotated-3.log")).contains("is not used"),
            "compiled code that the former key sealed was found");
      }
    }
  }

  private static Packaged start(String name, Map<String, String> environment) throws Exception {
    Packaged service = Packaged.start(name, List.of("-Xmx256m"), environment).awaitReady();
    RestAssured.port = service.port();
    return service;
  }

  private static int stopped(Packaged service) throws InterruptedException {
    // 143 is SIGTERM's own code.
    int code = service.awaitEnd();
    return code == 143 ? 0 : code;
  }

  private static String signedAddress() {
    String url =
        api()
            .post("/api/tasks/~/default/task-0/signed")
            .then()
            .statusCode(200)
            .extract()
            .jsonPath()
            .getString("url");
    given().body("{}").post(url).then().statusCode(202);
    return URI.create(url).getPath();
  }

  private static void webhook() {
    api()
        .body("{\"scheme\": \"github\"}")
        .put(TASKS + "/task-0/triggers/issues")
        .then()
        .statusCode(201);
  }

  private String keyIds() {
    return """
        SELECT substring(key_sealed FROM 2 FOR 4) AS key FROM task
        UNION ALL SELECT substring(config_sealed FROM 2 FOR 4) FROM installation
          WHERE config_sealed IS NOT NULL
        UNION ALL SELECT substring(secrets_sealed FROM 2 FOR 4) FROM task_callback
        UNION ALL SELECT substring(secrets_sealed FROM 2 FOR 4) FROM task_trigger
          WHERE secrets_sealed IS NOT NULL
        UNION ALL SELECT substring(address_sealed FROM 2 FOR 4) FROM channel
        UNION ALL SELECT substring(secret_sealed FROM 2 FOR 4) FROM channel
        UNION ALL SELECT substring(content_sealed FROM 2 FOR 4) FROM trigger_delivery
          WHERE content_sealed IS NOT NULL
        UNION ALL SELECT substring(sealed FROM 2 FOR 4) FROM servlet_code
        UNION ALL SELECT substring(sealed FROM 2 FOR 4) FROM secret_canary
        UNION ALL SELECT substring(sealed FROM 2 FOR 4) FROM signing_key
        """;
  }

  private void execute(String sql) throws Exception {
    try (Connection connection = connect("rotated");
        Statement statement = connection.createStatement()) {
      statement.execute(sql);
    }
  }

  private String one(String query) throws Exception {
    try (Connection connection = connect("rotated");
        Statement statement = connection.createStatement();
        ResultSet row = statement.executeQuery(query)) {
      assertTrue(row.next());
      return row.getString(1);
    }
  }

  private Connection connect(String to) throws Exception {
    return DriverManager.getConnection(
        database.url().replace("/postgres", "/" + to), EmbeddedDatabase.USER, database.password());
  }
}
