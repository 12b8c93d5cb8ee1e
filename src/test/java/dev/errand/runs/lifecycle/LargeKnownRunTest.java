package dev.errand.runs.lifecycle;

import static dev.errand.support.Api.TASKS;
import static dev.errand.support.Api.api;
import static dev.errand.support.Api.ended;
import static dev.errand.support.Api.problem;
import static dev.errand.support.Api.register;
import static dev.errand.support.Api.trigger;
import static dev.errand.support.ScriptedModel.error;
import static dev.errand.support.ScriptedModel.say;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.hasKey;
import static org.hamcrest.Matchers.lessThan;
import static org.hamcrest.Matchers.not;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.errand.automation.trigger.Hooks;
import dev.errand.base.limit.ReadBudget;
import dev.errand.base.limit.RequestMemory;
import dev.errand.identity.account.Caller;
import dev.errand.identity.account.Rights;
import dev.errand.identity.account.User;
import dev.errand.identity.account.UserRole;
import dev.errand.identity.account.Users;
import dev.errand.identity.profile.ProfileSlug;
import dev.errand.runs.history.EntryReader;
import dev.errand.runs.history.RunArchive;
import dev.errand.runs.lifecycle.RunService.Entries;
import dev.errand.runs.queue.Run;
import dev.errand.support.Eventually;
import dev.errand.support.ScriptedModel;
import dev.errand.support.TestDatabase;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.response.Response;
import jakarta.inject.Inject;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.List;
import java.util.Map;
import javax.sql.DataSource;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Whoever names a run that exists makes nobody read its output for which there is no memory. */
@QuarkusTest
@QuarkusTestResource(TestDatabase.class)
class LargeKnownRunTest {
  private static final ProfileSlug OWN = new ProfileSlug("~", "default");
  private static final String RUN = TASKS + "/known/runs/r";
  private static final Map<String, String> SAME = Map.of("run-id", "h1");
  private static final int LONG = 1_000_000;
  private static final int PER_BYTE = 4;

  @Inject RequestMemory memory;
  @Inject ReadBudget budget;
  @Inject RunService runs;
  @Inject RunArchive archive;
  @Inject Users users;
  @Inject DataSource database;

  private final ScriptedModel model = new ScriptedModel();

  @BeforeEach
  void aRun() {
    model.script(request -> say("x".repeat(LONG)));
    register("known", "Hello", model);
    trigger("known", "r", Map.of("a", 1));
    assertEquals("ready", ended("known", "r").getString("status"));
    Eventually.await("nothing is held", () -> budget.used() == 0);
  }

  @AfterEach
  void stop() {
    api().delete(TASKS + "/known?force=true").then().statusCode(204);
    model.close();
  }

  @Test
  void aKnownRunIsReadWithoutWhatMayBeLong() {
    Run known = archive.find(idOf("r")).orElseThrow();
    assertNull(known.output());
    assertEquals(LONG, known.outputBytes());
    assertEquals("{}", known.parameters());
  }

  @Test
  void aStartOfAKnownRunReservesWhatItReads() {
    whileAdminReads(() -> problem(trigger("known", "r", Map.of("a", 1)), 503, "unavailable"));
    trigger("known", "r", Map.of("a", 1))
        .then()
        .statusCode(200)
        .body("output.length()", equalTo(LONG))
        .body("parameters.a", equalTo(1))
        .body("results.size()", equalTo(2))
        .body("$", not(hasKey("output_bytes")));
  }

  @Test
  void aCancellationReservesWhatItShows() {
    // It is cancelled, whether or not all of it can be shown.
    whileAdminReads(
        () ->
            api()
                .post(RUN + "/cancel")
                .then()
                .statusCode(200)
                .body("parameters.a", equalTo(1))
                .body("output.length()", lessThan(LONG))
                .body("output_bytes", equalTo(LONG)));
    api().post(RUN + "/cancel").then().statusCode(200).body("output.length()", equalTo(LONG));
  }

  @Test
  void aRetryReservesWhatItReads() {
    model.script(request -> error(401, "invalid_api_key", "No such key."));
    trigger("known", "failed", Map.of());
    ended("known", "failed");
    String failed = TASKS + "/known/runs/failed";
    whileAdminReads(() -> problem(api().post(failed + "/retry"), 503, "unavailable"));
    api().get(failed).then().body("status", equalTo("error")).body("attempt", equalTo(1));
    model.script(request -> say("Now it works."));
    api().post(failed + "/retry").then().statusCode(202);
    assertEquals("Now it works.", ended("known", "failed").getString("output"));
  }

  @Test
  void anAnswerHoldsTheOutputAndAPartOfTheEntries() {
    Caller admin = caller();
    runs.cancelled(admin, OWN, "known", "r", Entries.NONE);
    long output = budget.used();
    assertTrue(output >= (long) PER_BYTE * LONG, "held for the output: " + output);
    runs.cancelled(admin, OWN, "known", "r", Entries.ALL);
    assertTrue(
        budget.used() >= 2 * output + EntryReader.heap(LONG), "and for entries: " + budget.used());
  }

  @Test
  void aDeliveryReservesWhatItReads() {
    String url = Hooks.url("known", "in", "url", List.of());
    Hooks.post(url, "application/json", new byte[] {'{', '}'}, SAME).then().statusCode(202);
    ended("known", Hooks.run(deliver(url)));
    whileAdminReads(() -> problem(deliver(url), 503, "unavailable"));
    deliver(url).then().statusCode(202);
    deliver(url + "?wait=5").then().statusCode(200).body("output.length()", equalTo(LONG));
  }

  @Test
  void aDeliveryWhoseOutputFindsNoMemoryIsAccepted() {
    String url = Hooks.url("known", "in", "url", List.of());
    whileAdminReads(
        () ->
            Hooks.post(url + "?wait=60", "application/json", new byte[] {'{', '}'}, Map.of())
                .then()
                .statusCode(202)
                .body("$", not(hasKey("output"))));
  }

  private static Response deliver(String url) {
    return Hooks.post(url, "application/json", new byte[] {'{', '}'}, SAME);
  }

  /** Does something while another request of the owner holds all that one user may. */
  private void whileAdminReads(Runnable done) {
    try (ReadBudget.Held held = memory.open(User.ADMIN)) {
      held.holdHeap(budget.capacity() / 2);
      done.run();
    }
  }

  private Caller caller() {
    User admin = users.named(User.ADMIN).orElseThrow();
    return new Caller(admin.id(), admin.username(), Rights.of(UserRole.ADMIN));
  }

  private long idOf(String run) {
    try (Connection connection = database.getConnection();
        PreparedStatement statement =
            connection.prepareStatement(
                "SELECT run.id FROM run JOIN task ON task.id = task_id"
                    + " WHERE task.name = 'known' AND run.name = ? ORDER BY run.id DESC")) {
      statement.setString(1, run);
      try (ResultSet rows = statement.executeQuery()) {
        assertTrue(rows.next());
        return rows.getLong(1);
      }
    } catch (SQLException e) {
      throw new IllegalStateException(e);
    }
  }
}
