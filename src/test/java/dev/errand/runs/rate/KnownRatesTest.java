package dev.errand.runs.rate;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.errand.base.background.WorkMode;
import dev.errand.base.database.Sql;
import dev.errand.runs.queue.QueueNotifications;
import dev.errand.runs.rate.KnownRates.Lesson;
import dev.errand.support.TestDatabase;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import jakarta.inject.Inject;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

@QuarkusTest
@QuarkusTestResource(TestDatabase.class)
class KnownRatesTest {
  @Inject Sql sql;
  @Inject QueueNotifications notifications;

  @AfterEach
  void forget() {
    sql.statement("DELETE FROM model_rate").run();
  }

  @Test
  void aProcessThatHearsNoNewsLooksForThemBeforeItsRequests() {
    RateId paused = insert("paused");
    KnownRates loop = known(WorkMode.LOOP);
    assertFalse(loop.isAny());
    loop.heard();
    assertTrue(loop.has(paused));

    KnownRates request = known(WorkMode.REQUEST);
    assertTrue(request.isAny());
    assertTrue(request.has(paused));
  }

  @Test
  void whatIsHeardInOneMomentIsReadOnceMore() {
    KnownRates known = known(WorkMode.LOOP);
    known.refresh();
    known.heard();
    RateId late = insert("late");
    known.heard();
    known.refresh();
    assertTrue(known.has(late));
  }

  @Test
  void whatAProcessLearnsHoldsAtOnce() {
    KnownRates known = known(WorkMode.LOOP);
    for (int i = 0; i < 200; i++) {
      known.learned(id("model-" + i), new Lesson(Duration.ofMinutes(1), i % 2 == 0));
    }
    for (int i = 0; i < 200; i++) {
      assertTrue(known.has(id("model-" + i)));
      assertEquals(i % 2 == 0, known.countsTokens(id("model-" + i)));
    }
  }

  private KnownRates known(WorkMode mode) {
    return new KnownRates(sql, notifications, mode);
  }

  private RateId insert(String name) {
    RateId id = id(name);
    sql.statement(
            "INSERT INTO model_rate (id, active_until) VALUES (:id, now() + interval '1 minute')")
        .with("id", id.digest())
        .run();
    return id;
  }

  private static RateId id(String name) {
    return new RateId(name.getBytes(StandardCharsets.UTF_8));
  }
}
