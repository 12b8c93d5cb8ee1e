package dev.errand.runs.worker;

import static dev.errand.support.Api.TASKS;
import static dev.errand.support.Api.api;
import static dev.errand.support.Api.register;
import static dev.errand.support.Api.trigger;
import static dev.errand.support.ScriptedModel.error;
import static dev.errand.support.ScriptedModel.say;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.errand.base.database.Sql;
import dev.errand.base.secret.OtherKey;
import dev.errand.runs.entry.NewEntries;
import dev.errand.runs.history.RunJournal;
import dev.errand.runs.queue.Claim;
import dev.errand.runs.queue.ClaimLostException;
import dev.errand.runs.queue.RunQueue;
import dev.errand.support.ScriptedModel;
import dev.errand.support.ScriptedModel.Answer;
import dev.errand.support.TestDatabase;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.common.TestResourceScope;
import io.quarkus.test.common.WithTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.path.json.JsonPath;
import jakarta.inject.Inject;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import javax.sql.DataSource;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A run whose model wants to be left alone waits in the queue, and forgets nothing there. */
@QuarkusTest
@QuarkusTestResource(TestDatabase.class)
@WithTestResource(value = TwoWorkersTest.NoLoop.class, scope = TestResourceScope.MATCHING_RESOURCES)
class PostponedRunTest {
  private static final Duration LEASE = Duration.ofMinutes(5);
  private static final Answer IN_TWO_MINUTES =
      error(503, "overloaded", "Slow down.").with("Retry-After", "120");
  private static final String TRY =
      """
      {"msg": "the model is asked again in 0.1 s: …", "time": 1, "level": 40,
       "code": "model_unavailable", "try": %d}""";
  private static final String LATER =
      """
      {"msg": "Busy. The next try is at 09:05 UTC.", "time": 1, "level": 40, "code": "retry_later"}""";

  @Inject RunQueue queue;
  @Inject RunExecutor executor;
  @Inject Rescuer rescuer;
  @Inject DataSource database;
  @Inject Sql sql;

  private final ScriptedModel model = new ScriptedModel();

  @BeforeEach
  void aRunThatWaits() {
    Map<String, Object> settings = Map.of("key", "sk-a-key-for-tests-1234", "max_attempts", 2);
    register("postponed", "Hello", model, settings).then().statusCode(201);
    trigger("postponed", "r", Map.of()).then().statusCode(201);
  }

  @AfterEach
  void stop() {
    api().delete(TASKS + "/postponed?force=true").then().statusCode(204);
    model.close();
  }

  @Test
  void aPostponedRunIsClaimedAgainAtItsTime() throws SQLException {
    model.script(request -> IN_TWO_MINUTES);
    HeldRun.execute(executor, claimOne());

    JsonPath waiting = look();
    assertEquals("pending", waiting.getString("status"), waiting.prettify());
    assertEquals(List.of("model_unavailable"), waiting.getList("results.findAll{it.try}.code"));
    assertEquals(List.of(), waiting.getList("warnings"));
    Duration wait =
        Duration.between(
            Instant.parse(waiting.getString("modified_at")),
            Instant.parse(waiting.getString("scheduled_at")));
    assertTrue(wait.compareTo(Duration.ofSeconds(119)) > 0, wait::toString);
    assertTrue(wait.compareTo(Duration.ofSeconds(122)) < 0, wait::toString);
    assertEquals(List.of(), queue.claim(1, LEASE));
    assertEquals(0, rescuer.rescue(), "it was not lost");

    model.script(request -> say("Done."));
    letItsTimeCome();
    HeldRun.execute(executor, claimOne());
    JsonPath run = look();
    assertEquals("Done.", run.getString("output"), run.prettify());
    assertEquals(2, run.getInt("attempt"));
    assertEquals(1, run.getInt("usage.steps"));
    assertTrue(run.getLong("usage.model_ms") >= waiting.getLong("usage.model_ms"));
  }

  @Test
  void aWorkerThatDoesNotKnowItsMasterKeyLeavesItToOthers() throws SQLException {
    byte[] sealed = keySealedWithAnother();
    HeldRun.execute(executor, claimOne());
    JsonPath waiting = look();
    assertEquals("pending", waiting.getString("status"), waiting.prettify());
    assertEquals("key_refused", waiting.getString("results[1].code"), waiting.prettify());
    assertEquals(List.of("key_refused"), waiting.getList("warnings"));
    assertEquals(List.of(), queue.claim(1, LEASE), "it would be claimed in a loop");

    seal(sealed);
    letItsTimeCome();
    HeldRun.execute(executor, claimOne());
    assertEquals("Done.", look().getString("output"), look().prettify());
  }

  @Test
  void aRunWhoseKeyNoWorkerCanOpenEndsAtItsTimeout() throws SQLException {
    byte[] _ = keySealedWithAnother();
    HeldRun.execute(executor, claimOne());
    letItsTimeCome();
    sql.statement("UPDATE run SET started_at = now() - interval '2 hours' WHERE name = 'r'").run();
    HeldRun.execute(executor, claimOne());
    JsonPath run = look();
    assertEquals("key_refused", run.getString("error.code"), run.prettify());
    assertTrue(run.getString("error.message").contains("PREVIOUS_KEYS"), run.prettify());
    assertEquals(0, model.requests().size());
  }

  @Test
  void aWorkerThatDoesNotKnowItsRunnerLeavesItToOthers() throws SQLException {
    assign("\"openai\":", "\"abacus\":");
    HeldRun.execute(executor, claimOne());
    JsonPath waiting = look();
    assertEquals("pending", waiting.getString("status"), waiting.prettify());
    assertEquals("model_unavailable", waiting.getString("results[1].code"), waiting.prettify());
    assertEquals(List.of(), queue.claim(1, LEASE), "it would be claimed in a loop");

    assign("\"abacus\":", "\"openai\":");
    letItsTimeCome();
    HeldRun.execute(executor, claimOne());
    assertEquals("Done.", look().getString("output"), look().prettify());
  }

  @Test
  void aRunWhoseRunnerNoWorkerKnowsEndsAtItsTimeout() throws SQLException {
    assign("\"openai\":", "\"abacus\":");
    HeldRun.execute(executor, claimOne());
    letItsTimeCome();
    sql.statement("UPDATE run SET started_at = now() - interval '2 hours' WHERE name = 'r'").run();
    HeldRun.execute(executor, claimOne());
    JsonPath run = look();
    assertEquals("model_unavailable", run.getString("error.code"), run.prettify());
    assertTrue(run.getString("error.message").contains("abacus"), run.prettify());
    assertEquals(0, model.requests().size());
  }

  @Test
  void aWorkerThatCannotReadItsBoundsLeavesItToOthers() throws SQLException {
    assign("\"overlap\":\"queue\"", "\"overlap\":{\"most\":2}");
    HeldRun.execute(executor, claimOne());
    JsonPath waiting = look();
    assertEquals("pending", waiting.getString("status"), waiting.prettify());
    assertEquals("model_unavailable", waiting.getString("results[1].code"), waiting.prettify());

    assign("\"overlap\":{\"most\":2}", "\"overlap\":\"queue\"");
    letItsTimeCome();
    HeldRun.execute(executor, claimOne());
    assertEquals("Done.", look().getString("output"), look().prettify());
  }

  private void assign(String before, String after) {
    sql.statement(
            "UPDATE run SET assignment = replace(assignment, :before, :after) WHERE name = 'r'")
        .with("before", before)
        .with("after", after)
        .run();
  }

  private byte[] keySealedWithAnother() {
    record Kept(UUID id, byte[] sealed) {}
    Kept kept =
        sql.statement(
                "SELECT id, key_sealed FROM task WHERE name = 'postponed' AND deleted_at IS NULL")
            .one(row -> new Kept(row.id("id"), row.bytes("key_sealed")));
    seal(OtherKey.seal("sk-other", "task/" + kept.id + "/key", model.url()).bytes());
    return kept.sealed;
  }

  private void seal(byte[] sealed) {
    sql.statement(
            "UPDATE task SET key_sealed = :sealed WHERE name = 'postponed' AND deleted_at IS NULL")
        .with("sealed", sealed)
        .run();
  }

  @Test
  void itsTriesAreCountedOverAllItsWorkers() throws SQLException {
    model.script(request -> IN_TWO_MINUTES);
    HeldRun.execute(executor, claimOne());
    letItsTimeCome();
    HeldRun.execute(executor, claimOne());

    JsonPath run = look();
    assertEquals("model_unavailable", run.getString("error.code"), run.prettify());
    assertTrue(run.getString("error.message").contains("asked 2 times"), run.prettify());
    assertEquals(2, model.requests().size());
  }

  @Test
  void triesOfAWorkerThatWasLostCountToo() throws SQLException {
    model.script(request -> error(500, "server_error", "No."));
    new RunJournal(queue, claimOne())
        .append(NewEntries.withoutWarnings(List.of(TRY.formatted(1))), null);
    letLeasesRunOut();
    assertEquals(1, rescuer.rescue());
    HeldRun.execute(executor, claimOne());

    JsonPath run = look();
    assertEquals("model_unavailable", run.getString("error.code"), run.prettify());
    assertEquals(1, model.requests().size(), "one of two tries was left");
  }

  @Test
  void aWorkerThatLostItCannotPostponeIt() throws SQLException {
    Claim old = claimOne();
    letLeasesRunOut();
    rescuer.rescue();
    assertThrows(
        ClaimLostException.class,
        () ->
            queue.postpone(
                old,
                Duration.ofHours(1),
                NewEntries.withoutWarnings(List.of(TRY.formatted(1))),
                "{}"));
    Claim now = claimOne();
    assertThrows(
        ClaimLostException.class,
        () ->
            queue.postpone(
                old,
                Duration.ofHours(1),
                NewEntries.withoutWarnings(List.of(TRY.formatted(1))),
                "{}"));
    HeldRun.execute(executor, now);

    assertEquals(2, look().getList("results").size());
    assertEquals("Done.", look().getString("output"));
  }

  @Test
  void aLaterTryBeginsAnewAndOnlyWhereItIsHeld() throws SQLException {
    Claim old = claimOne();
    letLeasesRunOut();
    rescuer.rescue();
    assertThrows(
        ClaimLostException.class,
        () ->
            queue.putOff(
                old, Duration.ofHours(1), NewEntries.withoutWarnings(List.of(LATER)), "{}"));
    Claim now = claimOne();
    run("UPDATE run SET started_at = now() - interval '2 hours' WHERE status = 'running'");
    queue.putOff(now, Duration.ofHours(1), NewEntries.withoutWarnings(List.of(LATER)), "{}");
    assertThrows(
        ClaimLostException.class,
        () ->
            queue.putOff(
                now, Duration.ofHours(1), NewEntries.withoutWarnings(List.of(LATER)), "{}"));

    JsonPath waiting = look();
    assertEquals("pending", waiting.getString("status"), waiting.prettify());
    assertEquals("retry", waiting.getString("waiting_for.kind"), waiting.prettify());
    assertEquals(1, waiting.getInt("waiting_for.tries"));
    assertEquals(waiting.getString("scheduled_at"), waiting.getString("waiting_for.until"));
    assertEquals(List.of(), queue.claim(1, LEASE));

    letItsTimeCome();
    HeldRun.execute(executor, claimOne());
    JsonPath run = look();
    assertEquals("Done.", run.getString("output"), run.prettify());
    assertNull(run.get("waiting_for"));
  }

  private Claim claimOne() {
    List<Claim> claims = queue.claim(1, LEASE);
    assertEquals(1, claims.size());
    return claims.getFirst();
  }

  private void letItsTimeCome() throws SQLException {
    run("UPDATE run SET available_at = now() WHERE status = 'pending'");
  }

  private void letLeasesRunOut() throws SQLException {
    run("UPDATE run SET lease_until = now() - interval '1 second' WHERE status = 'running'");
  }

  private void run(String sql) throws SQLException {
    try (Connection connection = database.getConnection();
        Statement statement = connection.createStatement()) {
      assertEquals(1, statement.executeUpdate(sql));
    }
  }

  private static JsonPath look() {
    return api().get(TASKS + "/postponed/runs/r").jsonPath();
  }
}
