package dev.errand.base.secret;

import static dev.errand.support.Api.TASKS;
import static dev.errand.support.Api.api;
import static dev.errand.support.Api.ended;
import static dev.errand.support.Api.register;
import static dev.errand.support.Api.trigger;
import static dev.errand.support.ScriptedMcp.tool;
import static dev.errand.support.ScriptedModel.say;
import static io.restassured.RestAssured.given;
import static org.hamcrest.Matchers.equalTo;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.errand.base.database.Sql;
import dev.errand.support.Eventually;
import dev.errand.support.ScriptedIssuer;
import dev.errand.support.ScriptedMcp;
import dev.errand.support.ScriptedModel;
import dev.errand.support.TestDatabase;
import io.quarkus.narayana.jta.QuarkusTransaction;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.path.json.JsonPath;
import jakarta.inject.Inject;
import java.time.Clock;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * What is said of keys that may be dropped, also where one was dropped too early, and how keys that
 * the version before sealed are bound to their servers.
 */
@QuarkusTest
@QuarkusTestResource(TestDatabase.class)
class ResealingTest {
  private static final String OTHER = Base64.getEncoder().encodeToString(new byte[32]);
  private static final String MODEL_KEY = "sk-a-key-for-tests-1234";
  private static final byte UNBOUND = 1;
  private static final byte BOUND = 2;

  private final ScriptedModel model = new ScriptedModel();

  @Inject Sql sql;
  @Inject KeyHolders workers;
  @Inject SecretBox box;
  @Inject MasterKeyCheck keyCheck;
  @Inject Resealing resealing;
  @Inject ServerSecrets secrets;

  @ConfigProperty(name = "errand.secret.key")
  String key;

  private Resealing with(String newest, List<String> previous) {
    return with(newest, previous, new FixedHolders());
  }

  private Resealing with(String newest, List<String> previous, KeyHolders holders) {
    SecretBox other = new SecretBox(newest, previous);
    MasterKeyCanary canary = new MasterKeyCanary(sql, other);
    try {
      boolean _ = canary.start();
    } catch (SealBrokenException e) {
      assertTrue(e.isOfUnknownKey(), e.getMessage());
    }
    return new Resealing(
        sql, other, canary, new ServerSecrets(other, canary), holders, Clock.systemUTC());
  }

  // The process of this test does not know the other key.
  private static final class FixedHolders implements KeyHolders {
    @Override
    public long lacking(List<String> keys) {
      return 0;
    }

    @Override
    public boolean sealOtherwise(List<String> known) {
      return false;
    }
  }

  @BeforeEach
  void nobodyHasBegun() {
    sql.statement("DELETE FROM resealing").run();
  }

  @AfterEach
  void sealAsBefore() {
    Resealing back = with(key, List.of(OTHER));
    back.start();
    finish(back);
    sql.statement("DELETE FROM resealing").run();
    keyCheck.check();
    for (String task : List.of("sealed", "another")) {
      api().delete(TASKS + "/" + task + "?force=true");
    }
    model.close();
  }

  // The background of the service may have the turn for a moment, and then nothing is done.
  private static void finish(Resealing resealing) {
    Eventually.await(
        "the end of resealing",
        () -> {
          resealing.runOnce(Duration.ofMinutes(1));
          return resealing.status().finishedAt() != null;
        });
  }

  /** Leaves a task and the canary as the version before did. */
  private void sealAsTheVersionBefore() {
    model.script(request -> say("Done."));
    register("sealed", "Hello", model, Map.of("key", MODEL_KEY)).then().statusCode(201);
    seal(id("sealed"), box.seal(new PlainSecret(MODEL_KEY), context("sealed")));
    sql.statement("UPDATE secret_canary SET sealed = :sealed")
        .with("sealed", box.seal(new PlainSecret("errand"), "canary").bytes())
        .run();
    keyCheck.check();
  }

  private UUID id(String task) {
    return sql.statement("SELECT id FROM task WHERE name = :name AND deleted_at IS NULL")
        .with("name", task)
        .one(row -> row.id("id"));
  }

  private String context(String task) {
    return "task/" + id(task) + "/key";
  }

  private void seal(UUID task, Sealed sealed) {
    sql.statement("UPDATE task SET key_sealed = :sealed WHERE id = :id")
        .with("id", task)
        .with("sealed", sealed.bytes())
        .run();
  }

  private Sealed sealed(String task) {
    return sql.statement("SELECT key_sealed FROM task WHERE id = :id")
        .with("id", id(task))
        .one(row -> new Sealed(row.bytes("key_sealed")));
  }

  private byte form(String task) {
    return sealed(task).bytes()[0];
  }

  private static JsonPath run(String name) {
    trigger("sealed", name, Map.of()).then().statusCode(201);
    return ended("sealed", name);
  }

  private static JsonPath reseal() {
    api().post("/api/admin/reseal").then().statusCode(202);
    return resealed();
  }

  // The background of the service may do a part of it.
  private static JsonPath resealed() {
    Eventually.await("the end of resealing", () -> status().getString("finished_at") != null);
    return status();
  }

  private static JsonPath status() {
    return api().get("/api/admin/reseal").jsonPath();
  }

  @Test
  void keysOfTheVersionBeforeOpenAndAreBoundByResealing() {
    sealAsTheVersionBefore();
    Sealed old = sealed("sealed");
    assertEquals("ready", run("before").getString("status"));
    register("another", "Hello", model, Map.of("key", MODEL_KEY)).then().statusCode(201);
    assertEquals(UNBOUND, form("another"), "the version before must be able to open it");
    JsonPath status = status();
    assertFalse(status.getBoolean("keys_bound"), status::prettify);
    assertTrue(status.getBoolean("may_drop_previous_keys"), status::prettify);

    JsonPath done = reseal();
    assertTrue(done.getBoolean("keys_bound"), done::prettify);
    assertEquals(done.getLong("total"), done.getLong("done"), done::prettify);
    assertEquals(0, done.getLong("failed"), done::prettify);
    assertEquals(List.of(BOUND, BOUND), List.of(form("sealed"), form("another")));
    assertEquals("ready", run("after").getString("status"));
    assertEquals("Bearer " + MODEL_KEY, model.requests().getLast().authorization());

    // An old seal that is put back neither opens nor is renewed.
    seal(id("sealed"), old);
    assertEquals("key_refused", run("put-back").getString("error.code"));
    assertEquals(1, reseal().getLong("failed"));
    assertEquals(UNBOUND, form("sealed"));
    register("sealed", "Hello", model, Map.of("key", MODEL_KEY)).then().statusCode(200);
    assertEquals(BOUND, form("sealed"));
  }

  @Test
  void nothingIsBoundWhileAProcessOfTheVersionBeforeWorks() {
    sealAsTheVersionBefore();
    sql.statement(
            """
            INSERT INTO worker_process
              (id, name, version, capacity, busy, started_at, seen_at, master_keys)
            VALUES (gen_random_uuid(), 'before', '1', 1, 0, now(), now(), :keys)
            """)
        .with("keys", "text", box.keyIds())
        .run();
    try {
      JsonPath waiting = api().post("/api/admin/reseal").jsonPath();
      assertEquals(1, waiting.getLong("workers_without_key"), waiting::prettify);
      assertFalse(waiting.getBoolean("keys_bound"), waiting::prettify);
      register("another", "Hello", model, Map.of("key", MODEL_KEY)).then().statusCode(201);
      assertEquals(List.of(UNBOUND, UNBOUND), List.of(form("sealed"), form("another")));
    } finally {
      sql.statement("DELETE FROM worker_process WHERE name = 'before'").run();
    }
    finish(resealing);
    assertTrue(resealed().getBoolean("keys_bound"));
    assertEquals(List.of(BOUND, BOUND), List.of(form("sealed"), form("another")));
  }

  @Test
  void aProcessOfTheVersionBeforeDoesNotStartWhereKeysAreBound() {
    byte[] canary =
        sql.statement("SELECT sealed FROM secret_canary").one(row -> row.bytes("sealed"));
    // It opens this form alone.
    assertThrows(
        SealBrokenException.class, () -> box.open(new Sealed(canary), MasterKeyCanary.CONTEXT));
  }

  @Test
  void aKeyThatIsBeingStoredMeanwhileIsBoundBeforeItWouldNotOpen() throws Exception {
    sealAsTheVersionBefore();
    register("another", "Hello", model, Map.of("key", MODEL_KEY)).then().statusCode(201);
    UUID id = id("another");
    String context = context("another");
    SecretServer server = SecretServer.ofUrl(model.url());
    seal(id, box.seal(new PlainSecret(MODEL_KEY), context, server));
    CountDownLatch stored = new CountDownLatch(1);
    CountDownLatch commit = new CountDownLatch(1);
    try (ExecutorService another = Executors.newSingleThreadExecutor()) {
      Future<?> registration =
          another.submit(
              () ->
                  QuarkusTransaction.requiringNew()
                      .run(
                          () -> {
                            seal(id, secrets.seal(new PlainSecret(MODEL_KEY), context, server));
                            stored.countDown();
                            await(commit);
                          }));
      try {
        await(stored);
        resealing.start();
        resealing.runOnce(Duration.ofMinutes(1));
        ResealStatus waiting = resealing.status();
        assertNull(waiting.finishedAt());
        assertFalse(waiting.keysBound());
      } finally {
        commit.countDown();
      }
      registration.get();
    }
    assertEquals(UNBOUND, form("another"));
    finish(resealing);
    assertTrue(resealed().getBoolean("keys_bound"));
    assertEquals(List.of(BOUND, BOUND), List.of(form("sealed"), form("another")));
  }

  private static void await(CountDownLatch latch) {
    try {
      latch.await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** What is resealed is opened for the server that its store has sealed it for. */
  @Test
  void everythingThatIsSentToAServerIsResealedForIt() {
    String providers = "/api/users/~/providers/sealed";
    String installations = "/api/profiles/~/default/installations";
    register("sealed", "Hello", model, Map.of("key", MODEL_KEY)).then().statusCode(201);
    api()
        .body(
            "{\"runner\": \"openai\", \"openai\": {\"model\": \"m\", \"base_url\": \"%s\"}, \"settings\": {\"key\": \"%s\"}}"
                .formatted(model.url(), MODEL_KEY))
        .put(providers)
        .then()
        .statusCode(201);
    try (ScriptedMcp open = new ScriptedMcp();
        ScriptedMcp guarded = new ScriptedMcp();
        ScriptedIssuer issuer = new ScriptedIssuer()) {
      open.tools(tool("a", "First"));
      guarded.tools(tool("a", "First")).guarded(issuer);
      for (String mcp :
          List.of(
              "\"url\": \"" + open.url() + "\", \"headers\": {\"X-Key\": \"s3cret\"}",
              "\"url\": \"" + guarded.url() + "\", \"auth\": \"oauth\"",
              "\"url\": \""
                  + guarded.url()
                  + "\", \"auth\": \"oauth\", \"oauth\": {\"client_id\": \"c\", \"client_secret\": \"s\"}")) {
        api()
            .body(
                "{\"name\": \"sealed-%d\", \"settings\": {}, \"mcp\": {%s}}"
                    .formatted(mcp.length(), mcp))
            .post(installations)
            .then()
            .statusCode(201);
        issuer.confirm(api(), installations + "/sealed-" + mcp.length() + "/connect");
      }
      assertEquals(
          "1 1 1",
          sql.statement(
                  """
                  SELECT concat_ws(' ', (SELECT count(headers_sealed) FROM mcp_server),
                    (SELECT count(client_secret_sealed) FROM mcp_credential),
                    (SELECT count(*) FROM mcp_registration WHERE issuer = :issuer)) AS counts
                  """)
              .with("issuer", issuer.url())
              .one(row -> row.text("counts")));
      Resealing changed = with(OTHER, List.of(key));
      changed.start();
      finish(changed);
      ResealStatus status = changed.status();
      assertEquals(0, status.failed(), status.toString());
      assertTrue(status.mayDropPreviousKeys(), status.toString());
    } finally {
      for (String name :
          sql.statement("SELECT name FROM installation WHERE name LIKE 'sealed-%'")
              .list(row -> row.text("name"))) {
        api().delete(installations + "/" + name);
      }
      api().delete(TASKS + "/sealed?force=true");
      api().delete(providers);
    }
  }

  @Test
  void aChangeOfTheMasterKeyBindsKeysOfBothForms() {
    sealAsTheVersionBefore();
    register("another", "Hello", model, Map.of("key", MODEL_KEY)).then().statusCode(201);
    SecretServer server = SecretServer.ofUrl(model.url());
    seal(id("another"), box.seal(new PlainSecret(MODEL_KEY), context("another"), server));
    Resealing changed = with(OTHER, List.of(key));
    changed.start();
    finish(changed);
    ResealStatus status = changed.status();
    assertTrue(status.mayDropPreviousKeys() && status.keysBound(), status.toString());
    assertEquals(status.total(), status.done());
    SecretBox other = new SecretBox(OTHER, List.of());
    for (String task : List.of("sealed", "another")) {
      assertEquals(MODEL_KEY, other.open(sealed(task), context(task), server).value());
    }
  }

  @Test
  void aKeyThatWasDroppedTooEarlyIsNotSaidToBeOfNoUse() {
    Resealing tooEarly = with(OTHER, List.of());
    ResealStatus before = tooEarly.status();
    assertFalse(before.mayDropPreviousKeys());
    assertTrue(before.failed() > 0 && before.failed() == before.total(), before.toString());
    tooEarly.start();
    finish(tooEarly);
    ResealStatus after = tooEarly.status();
    assertNotNull(after.finishedAt());
    assertEquals(before.failed(), after.failed());
    assertFalse(after.mayDropPreviousKeys());
    assertThrows(
        IllegalStateException.class,
        () -> new TriggerAddressKeys(sql, new SecretBox(OTHER, List.of())).load());

    Resealing named = with(OTHER, List.of(key));
    assertEquals(0, named.status().failed());
    named.start();
    finish(named);
    assertTrue(named.status().mayDropPreviousKeys(), named.status().toString());
    assertEquals(named.status().total(), named.status().done());
    assertTrue(tooEarly.status().mayDropPreviousKeys());
  }

  @Test
  void nothingIsResealedThatAWorkerCouldNotOpen() {
    Resealing early = with(OTHER, List.of(key), workers);
    early.start();
    early.runOnce(Duration.ofMinutes(1));
    assertNull(early.status().finishedAt());
    assertEquals(0, early.status().done());
    assertEquals(1, early.status().workersWithoutKey());

    Resealing told = with(OTHER, List.of(key));
    finish(told);
    assertTrue(told.status().mayDropPreviousKeys(), told.status().toString());
    assertFalse(early.status().mayDropPreviousKeys(), "a worker would still need the former key");
  }

  @Test
  void aProcessWithoutTheKeyThatOthersSealWithIsNotReady() {
    given().get("/q/health/ready").then().statusCode(200);
    sql.statement(
            """
            INSERT INTO worker_process
              (id, name, version, capacity, busy, started_at, seen_at, master_keys)
            VALUES (gen_random_uuid(), 'ahead', '1', 1, 0, now(), now(), :keys)
            """)
        .with("keys", "text", new SecretBox(OTHER, List.of(key)).keyIds())
        .run();
    try {
      given()
          .get("/q/health/ready")
          .then()
          .statusCode(503)
          .body("checks.find { it.name == 'master key' }.status", equalTo("DOWN"));
    } finally {
      sql.statement("DELETE FROM worker_process WHERE name = 'ahead'").run();
    }
    given().get("/q/health/ready").then().statusCode(200);
  }
}
