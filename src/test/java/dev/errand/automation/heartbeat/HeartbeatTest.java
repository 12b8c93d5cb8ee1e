package dev.errand.automation.heartbeat;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.errand.automation.delivery.Receiver;
import dev.errand.automation.schedule.OnTestTime;
import dev.errand.automation.schedule.ScheduleTicker;
import dev.errand.base.background.BackgroundThreads;
import dev.errand.base.background.PeriodicJobs;
import dev.errand.base.database.Sql;
import dev.errand.support.Eventually;
import dev.errand.support.LogLines;
import dev.errand.support.TestDatabase;
import io.quarkus.runtime.StartupEvent;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.TestProfile;
import jakarta.inject.Inject;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** When a monitor outside gets a heartbeat, and when it does not. */
@QuarkusTest
@QuarkusTestResource(TestDatabase.class)
@TestProfile(OnTestTime.class)
class HeartbeatTest {
  private static final String SECRET = "/ping/a-token-that-nobody-else-knows?status=up&msg=OK";

  @Inject ScheduleTicker schedules;
  @Inject PeriodicJobs jobs;
  @Inject Sql sql;

  private final Receiver monitor = new Receiver();

  @AfterEach
  void close() {
    monitor.close();
  }

  private record Config(Optional<URI> url, Duration every, Duration timeout)
      implements HeartbeatConfig {
    Config(String url) {
      this(Optional.of(URI.create(url)), Duration.ofMinutes(1), Duration.ofSeconds(30));
    }
  }

  private Heartbeat heartbeat(String url, BackgroundThreads threads) {
    return new Heartbeat(new Config(url), schedules, jobs, threads);
  }

  private Heartbeat heartbeat() {
    return heartbeat(monitor.url(SECRET), new BackgroundThreads());
  }

  @Test
  void eachIsAGetRequestAndFollowsATick() {
    Heartbeat heartbeat = heartbeat();
    schedules.tick();
    heartbeat.beat();
    heartbeat.beat();
    assertEquals(1, monitor.calls().size());
    assertEquals("GET", monitor.calls().getFirst().method());
    assertEquals(SECRET, monitor.calls().getFirst().path());
    schedules.tick();
    heartbeat.beat();
    assertEquals(2, monitor.calls().size());
  }

  @Test
  void thereIsNoneWhileTicksFail() {
    Heartbeat heartbeat = heartbeat();
    schedules.tick();
    heartbeat.beat();
    sql.statement("ALTER TABLE schedule RENAME TO schedule_that_is_away").run();
    try {
      assertThrows(RuntimeException.class, () -> schedules.tick());
      heartbeat.beat();
    } finally {
      sql.statement("ALTER TABLE schedule_that_is_away RENAME TO schedule").run();
    }
    assertEquals(1, monitor.calls().size());
  }

  @Test
  void thereIsNoneWhenABackgroundLoopHasEnded() {
    BackgroundThreads threads = new BackgroundThreads();
    Heartbeat heartbeat = heartbeat(monitor.url(SECRET), threads);
    threads.start(
        "loop",
        Duration.ZERO,
        () -> {
          throw new InterruptedException();
        });
    Eventually.await("the end of the loop", () -> !threads.ended().isEmpty());
    schedules.tick();
    heartbeat.beat();
    assertEquals(0, monitor.calls().size());
  }

  @Test
  void failuresAreLoggedOnceWithoutTheAddress() {
    List<String> logged;
    try (LogLines log = new LogLines(Heartbeat.class)) {
      Heartbeat heartbeat = heartbeat();
      for (int status : List.of(500, 0, 204, 404)) {
        monitor.answer(status);
        schedules.tick();
        heartbeat.beat();
      }
      Heartbeat unreachable = heartbeat("http://127.0.0.1:1" + SECRET, new BackgroundThreads());
      schedules.tick();
      unreachable.beat();
      logged = log.lines();
    }
    assertEquals(4, logged.size(), logged::toString);
    assertTrue(logged.get(0).startsWith("WARN"), logged::toString);
    assertTrue(logged.get(0).contains("it answered with status 500"), logged::toString);
    assertTrue(logged.get(1).startsWith("INFO"), logged::toString);
    assertTrue(logged.get(2).contains("it answered with status 404"), logged::toString);
    assertTrue(logged.get(3).contains("ConnectException"), logged::toString);
    assertFalse(logged.toString().contains("token"), logged::toString);
  }

  @Test
  void anAddressThatIsNoneIsRefusedAtTheStartWithoutBeingShown() {
    for (String wrong : List.of("ftp://monitor.example/token", "/ping/token", "https:///token")) {
      Heartbeat heartbeat = heartbeat(wrong, new BackgroundThreads());
      Exception refused =
          assertThrows(IllegalStateException.class, () -> heartbeat.start(new StartupEvent()));
      assertTrue(String.valueOf(refused.getMessage()).contains("ERRAND_HEARTBEAT_URL"));
      assertFalse(String.valueOf(refused.getMessage()).contains("token"));
    }
  }

  @Test
  void nothingIsSentWithoutAnAddress() {
    Heartbeat heartbeat =
        new Heartbeat(
            new Config(Optional.empty(), Duration.ofMinutes(1), Duration.ofSeconds(5)),
            schedules,
            jobs,
            new BackgroundThreads());
    heartbeat.start(new StartupEvent());
    schedules.tick();
    heartbeat.beat();
    assertEquals(0, monitor.calls().size());
  }
}
