package dev.errand.runs.history;

import static dev.errand.support.Api.TASKS;
import static dev.errand.support.Api.api;
import static dev.errand.support.Api.register;
import static dev.errand.support.Api.trigger;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.errand.base.database.Sql;
import dev.errand.base.turn.WorkOwner;
import dev.errand.runs.entry.NewEntries;
import dev.errand.runs.queue.BreakingConnections;
import dev.errand.runs.queue.BreakingConnections.Moment;
import dev.errand.runs.queue.Claim;
import dev.errand.runs.queue.ClaimLostException;
import dev.errand.runs.queue.QueueBound;
import dev.errand.runs.queue.Run;
import dev.errand.runs.queue.RunChanged;
import dev.errand.runs.queue.RunEnd;
import dev.errand.runs.queue.RunEnded;
import dev.errand.runs.queue.RunEnqueued;
import dev.errand.runs.queue.RunQueue;
import dev.errand.runs.queue.RunStatus;
import dev.errand.runs.queue.RunWrites;
import dev.errand.runs.queue.SlotsChanged;
import dev.errand.runs.queue.SlotsFilled;
import dev.errand.runs.queue.TaskSlots;
import dev.errand.runs.worker.TwoWorkersTest;
import dev.errand.support.ScriptedModel;
import dev.errand.support.TestDatabase;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.common.TestResourceScope;
import io.quarkus.test.common.WithTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.path.json.JsonPath;
import jakarta.enterprise.event.Event;
import jakarta.inject.Inject;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import javax.sql.DataSource;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What a run came to is written exactly once, however often the database breaks off. */
@QuarkusTest
@QuarkusTestResource(TestDatabase.class)
@WithTestResource(value = TwoWorkersTest.NoLoop.class, scope = TestResourceScope.MATCHING_RESOURCES)
class RunJournalTest {
  private static final Duration LEASE = Duration.ofMinutes(5);
  private static final String STEP = "{\"msg\": \"a step\", \"time\": 1, \"level\": 30}";
  private static final RunEnd END =
      new RunEnd(RunStatus.READY, "{}", "Done.", false, null, null, null, STEP);

  @Inject DataSource database;
  @Inject RunQueue queue;
  @Inject RunArchive archive;
  @Inject Event<RunEnqueued> enqueued;
  @Inject Event<RunChanged> changed;
  @Inject Event<RunEnded> ends;
  @Inject QueueBound bound;
  @Inject TaskSlots slots;
  @Inject Event<SlotsChanged> slotsChanged;
  @Inject Event<SlotsFilled> filled;

  private BreakingConnections breaking;
  private RunJournal journal;
  private Claim claim;

  @BeforeEach
  void aClaimedRun() {
    try (ScriptedModel model = new ScriptedModel()) {
      register("journal", "Hello", model).then().statusCode(201);
    }
    trigger("journal", "r", Map.of()).then().statusCode(201);
    claim = queue.claim(1, LEASE).getFirst();
    breaking = new BreakingConnections(database);
    Sql sql = new Sql(breaking.source());
    RunWrites writes =
        new RunWrites(sql, new TaskSlots(sql, enqueued), enqueued, changed, ends, filled);
    journal =
        new RunJournal(
            new RunQueue(sql, bound, slots, writes, enqueued, changed, slotsChanged), claim);
  }

  @AfterEach
  void noTask() {
    boolean _ = Thread.interrupted();
    api().delete(TASKS + "/journal?force=true").then().statusCode(204);
  }

  @Test
  void aStepWithAnUnconfirmedCommitIsNotWrittenTwice() {
    breaking.breakAt(Moment.AFTER_THE_UPDATE, 1);
    journal.append(NewEntries.withoutWarnings(List.of(STEP, STEP)), "{\"steps\": 1}");
    assertEquals(3, look().getList("results").size());

    journal.append(NewEntries.withoutWarnings(List.of(STEP)), null);
    assertEquals(4, look().getList("results").size());
    assertEquals(1, look().getInt("usage.steps"));
  }

  @Test
  void aStepIsKeptUntilTheDatabaseIsBack() {
    breaking.breakAt(Moment.BEFORE_THE_UPDATE, 3);
    journal.append(NewEntries.withoutWarnings(List.of(STEP)), null);
    assertEquals(2, look().getList("results").size());
    assertEquals(0, breaking.left());
  }

  @ParameterizedTest
  @ValueSource(strings = {"57014", "55P03", "40001", "40P01", "55000"})
  void aStepIsKeptWhileTheDatabaseHasNoTimeForIt(String code) {
    breaking.breakAt(Moment.BEFORE_THE_UPDATE, 2, code);
    journal.append(NewEntries.withoutWarnings(List.of(STEP)), null);
    assertEquals(2, look().getList("results").size());
    assertEquals(0, breaking.left());

    breaking.breakAt(Moment.BEFORE_THE_UPDATE, 2, code);
    journal.finish(NewEntries.withoutWarnings(List.of()), END);
    assertEquals("ready", look().getString("status"));
  }

  @Test
  void entriesAreReadAsTheyWereWhenTheRunWasRead() throws JsonProcessingException {
    journal.append(NewEntries.withoutWarnings(List.of(STEP)), null);
    Run then = archive.find(claim.runId()).orElseThrow();
    journal.finish(NewEntries.withoutWarnings(List.of(STEP)), END);

    assertEquals(RunStatus.RUNNING, then.status());
    assertEquals(2, entries(then));
    assertEquals(4, entries(archive.find(claim.runId()).orElseThrow()));
  }

  private int entries(Run run) throws JsonProcessingException {
    ObjectMapper json = new ObjectMapper();
    return json.readTree(json.writeValueAsString(archive.entries(WorkOwner.NOBODY, run))).size();
  }

  @Test
  void anEndWithAnUnconfirmedCommitIsTheEnd() {
    breaking.breakAt(Moment.AFTER_THE_UPDATE, 1);
    journal.finish(NewEntries.withoutWarnings(List.of(STEP)), END);
    assertEquals("ready", look().getString("status"));
    assertEquals(3, look().getList("results").size());
  }

  @Test
  void aStepOfAnAttemptThatWasLostInTheMeantimeIsNotWritten() throws SQLException {
    breaking.breakAt(Moment.BEFORE_THE_UPDATE, 1);
    sql(
        "UPDATE run SET attempt = attempt + 1, entry_count = entry_count + 1 WHERE status ="
            + " 'running'");
    assertThrows(
        ClaimLostException.class,
        () -> journal.append(NewEntries.withoutWarnings(List.of(STEP)), null));
    assertEquals(1, look().getList("results").size());
  }

  @Test
  void aStoppingProcessFirstStoresItsAnswers() {
    breaking.breakAt(Moment.BEFORE_THE_UPDATE, 1);
    Thread.currentThread().interrupt();
    journal.append(NewEntries.withoutWarnings(List.of(STEP)), null);
    assertTrue(Thread.interrupted(), "it is still told to stop");
    assertEquals(2, look().getList("results").size());
  }

  @Test
  void aStoppingProcessDoesNotWaitForAnUnreachableDatabase() {
    breaking.breakAt(Moment.BEFORE_THE_UPDATE, Integer.MAX_VALUE);
    Thread.currentThread().interrupt();
    assertThrows(
        IllegalStateException.class,
        () -> journal.append(NewEntries.withoutWarnings(List.of(STEP)), null));
    assertTrue(Thread.interrupted(), "it is still told to stop");
  }

  @Test
  void statementsThatTheDatabaseRefusesAreNotRetried() {
    assertThrows(
        IllegalStateException.class,
        () -> journal.append(NewEntries.withoutWarnings(List.of("\0")), null));
    journal.append(NewEntries.withoutWarnings(List.of(STEP)), null);
    assertEquals(2, look().getList("results").size());
  }

  private void sql(String text) throws SQLException {
    try (Connection connection = database.getConnection();
        Statement statement = connection.createStatement()) {
      statement.executeUpdate(text);
    }
  }

  private static JsonPath look() {
    return api().get(TASKS + "/journal/runs/r").jsonPath();
  }
}
