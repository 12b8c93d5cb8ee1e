package dev.errand.models.wire;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.errand.base.database.Sql;
import dev.errand.base.limit.ByteBudget;
import dev.errand.base.limit.Reservation;
import dev.errand.models.loop.LoopRuns;
import dev.errand.support.Eventually;
import dev.errand.support.ScriptedModel;
import dev.errand.support.ScriptedModel.Answer;
import dev.errand.support.TestDatabase;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.path.json.JsonPath;
import jakarta.inject.Inject;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicLong;
import javax.sql.DataSource;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A hostile stream of a model's server takes no more time and memory than its run's limits. */
@QuarkusTest
@QuarkusTestResource(TestDatabase.class)
@Timeout(180)
class HostileStreamTest {
  private static final int MEBIBYTE = 1024 * 1024;

  @Inject ByteBudget memory;
  @Inject Sql sql;
  @Inject DataSource database;

  private final ScriptedModel model = new ScriptedModel();
  private final AtomicLong written = new AtomicLong();

  @AfterEach
  void stop() {
    model.close();
    Eventually.await("memory that is given back", () -> memory.used() == 0);
  }

  @Test
  void aFloodOfLettersEndsWithTheRunsTime() {
    String flood = event("x").repeat(1000);
    model.script(
        request ->
            Answer.stream(
                out -> {
                  write(out, event("y".repeat(3_600_000)));
                  while (written.get() < 240 * MEBIBYTE) {
                    write(out, flood);
                  }
                }));
    JsonPath run = LoopRuns.stream(model, Map.of("timeout", "PT1S", "max_attempts", 1));

    assertEquals("timeout", run.getString("error.code"), run.getString("error"));
  }

  @Test
  void anEventWithoutEndIsReadNoFurtherThanAnAnswerMayGo() {
    String part = "x".repeat(MEBIBYTE);
    model.script(
        request ->
            Answer.stream(
                out -> {
                  write(out, "data: {\"choices\":[{\"index\":0,\"delta\":{\"content\":\"");
                  while (written.get() < 240 * MEBIBYTE) {
                    write(out, part);
                  }
                }));
    JsonPath run = LoopRuns.stream(model, Map.of());

    assertEquals("model_answer_invalid", run.getString("error.code"), run.getString("error"));
    assertTrue(run.getString("error.message").contains("errand.model.max-answer"));
    assertEquals(1, model.requests().size(), "it would be paid for again");
    assertTrue(written.get() < 100 * MEBIBYTE, "written: " + written);
  }

  @Test
  void anAnswerOfManySmallThingsIsNoAnswer() {
    model.script(
        request ->
            new Answer(
                200,
                "{\"choices\":[{\"message\":{\"content\":\"A\",\"x\":[{}"
                    + ",{}".repeat(2 * MEBIBYTE)
                    + "]}}]}"));
    JsonPath run = LoopRuns.run(model, Map.of("max_attempts", 1));

    assertEquals("model_answer_invalid", run.getString("error.code"), run.getString("error"));
  }

  @Test
  void anAnswerWaitsForMemory() throws Exception {
    CompletableFuture<Reservation> all = new CompletableFuture<>();
    model.script(
        request -> {
          all.complete(memory.reserve(memory.capacity() - memory.used()));
          return ScriptedModel.say("Done.");
        });
    CompletableFuture<JsonPath> run =
        CompletableFuture.supplyAsync(() -> LoopRuns.stream(model, Map.of()));
    try (Reservation _ = all.get()) {
      Eventually.await("an answer that waits", () -> memory.waiting() > 0);
      assertFalse(run.isDone());
    }

    assertEquals("Done.", run.get().getString("output"));
  }

  @Test
  void anAnswerHoldsItsMemoryUntilItIsWrittenDown() throws Exception {
    try (Connection other = database.getConnection();
        Statement lock = other.createStatement()) {
      other.setAutoCommit(false);
      model.script(
          request -> {
            if (request.size() == 1) {
              return ScriptedModel.call("a", "none", "{}");
            }
            try {
              lock.execute("LOCK TABLE run_entry IN SHARE MODE");
            } catch (SQLException e) {
              throw new IllegalStateException(e);
            }
            return ScriptedModel.say("x".repeat(MEBIBYTE));
          });
      CompletableFuture<JsonPath> run =
          CompletableFuture.supplyAsync(() -> LoopRuns.run(model, Map.of()));
      Eventually.await("an answer that can't be written down yet", this::waitsForEntries);
      assertTrue(memory.used() > MEBIBYTE, () -> memory.used() + " bytes");
      other.rollback();
      other.setAutoCommit(true);

      assertEquals(MEBIBYTE, run.get().getString("output").length());
    }
  }

  private boolean waitsForEntries() {
    return sql.statement(
            """
            SELECT EXISTS (SELECT FROM pg_locks
              WHERE relation = 'run_entry'::regclass AND NOT granted) AS waits
            """)
        .one(row -> row.flag("waits"));
  }

  @Test
  void anAnswerForWhichThereIsNoMemoryIsAFailedTry() {
    CompletableFuture<Reservation> all = new CompletableFuture<>();
    model.script(
        request -> {
          if (all.isDone()) {
            all.join().close();
          } else {
            all.complete(memory.reserve(memory.capacity() - memory.used()));
          }
          return ScriptedModel.say("Done.");
        });
    JsonPath run = LoopRuns.run(model, Map.of());

    assertEquals("Done.", run.getString("output"), run.prettify());
    assertEquals(40, run.getInt("results[1].level"), run.prettify());
    assertEquals("model_unavailable", run.getString("results[1].code"));
    assertTrue(run.getString("results[1].msg").contains("bytes of memory"), run.prettify());
  }

  private void write(OutputStream out, String text) throws IOException {
    out.write(text.getBytes(StandardCharsets.UTF_8));
    out.flush();
    written.addAndGet(text.length());
  }

  private static String event(String text) {
    return "data: {\"choices\":[{\"index\":0,\"delta\":{\"content\":\"" + text + "\"}}]}\n\n";
  }
}
