package dev.errand.automation.schedule;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.errand.base.database.DatabaseTime;
import dev.errand.base.database.Sql;
import dev.errand.support.TestDatabase;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.TestProfile;
import jakarta.inject.Inject;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What ticks store of the time in which there was none. */
@QuarkusTest
@QuarkusTestResource(TestDatabase.class)
@TestProfile(OnTestTime.class)
class StandstillsTest {
  @Inject ScheduleFiring firing;
  @Inject ScheduleConfig config;
  @Inject Sql sql;
  @Inject @DatabaseTime TestTime time;

  @BeforeEach
  void nothingIsKnown() {
    time.set("2026-11-24T12:30:00Z");
    sql.statement("DELETE FROM standstill").run();
    sql.statement("DELETE FROM schedule_tick").run();
  }

  /** The ticks of another process, which has just started. */
  private ScheduleTicker newProcess() {
    return new ScheduleTicker(firing, new Standstills(sql, config), time);
  }

  private List<String> standstills() {
    return sql.statement("SELECT from_at, until_at, clock_jumped FROM standstill ORDER BY id")
        .list(
            row ->
                row.time("from_at") + " " + row.time("until_at") + " " + row.flag("clock_jumped"));
  }

  @Test
  void processesThatStartTogetherStoreOneStandstill() throws Exception {
    newProcess().tick();
    time.set("2026-11-24T17:10:00Z");
    List<ScheduleTicker> processes = Stream.generate(this::newProcess).limit(4).toList();
    CountDownLatch together = new CountDownLatch(processes.size());
    try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      List<Future<Integer>> ticks =
          processes.stream()
              .map(
                  process ->
                      threads.submit(
                          () -> {
                            together.countDown();
                            together.await();
                            return process.tick();
                          }))
              .toList();
      for (Future<Integer> tick : ticks) {
        tick.get();
      }
    }
    assertEquals(List.of("2026-11-24T12:30:00Z 2026-11-24T17:10:00Z false"), standstills());
  }

  @Test
  void aProcessThatTickedAllAlongSeesTheClockJump() {
    ScheduleTicker process = newProcess();
    process.tick();
    time.set("2026-11-24T12:31:00Z");
    process.tick();
    assertEquals(List.of(), standstills());
    time.set("2026-11-24T17:10:00Z");
    process.tick();
    assertEquals(List.of("2026-11-24T12:31:00Z 2026-11-24T17:10:00Z true"), standstills());
  }

  @Test
  void aClockThatIsSetBackLosesNoTimeAndTicksGoOn() {
    ScheduleTicker process = newProcess();
    process.tick();
    time.set("2026-11-24T11:00:00Z");
    process.tick();
    time.set("2026-11-24T11:02:00Z");
    newProcess().tick();
    assertEquals(List.of(), standstills());
    time.set("2026-11-24T12:00:00Z");
    newProcess().tick();
    assertEquals(List.of("2026-11-24T11:02:00Z 2026-11-24T12:00:00Z false"), standstills());
  }

  @Test
  void aProcessThatSleptWhileOthersTickedSawNoStandstill() {
    ScheduleTicker sleeper = newProcess();
    sleeper.tick();
    ScheduleTicker other = newProcess();
    for (int minute = 31; minute < 60; minute++) {
      time.set("2026-11-24T12:" + minute + ":00Z");
      other.tick();
    }
    sleeper.tick();
    assertEquals(List.of(), standstills());
  }

  @Test
  void theNewestThousandStandstillsOfNinetyDaysAreKept() {
    newProcess().tick();
    sql.statement(
            """
        INSERT INTO standstill (from_at, until_at, clock_jumped)
        SELECT '2026-01-01', (CASE WHEN number > 10 THEN '2026-11-01' ELSE '2026-01-02' END)::timestamptz, false
        FROM generate_series(1, 1500) AS number
        """)
        .run();
    time.set("2026-11-24T13:10:00Z");
    newProcess().tick();
    assertEquals(1000, standstills().size());
    time.set("2027-11-24T13:10:00Z");
    newProcess().tick();
    assertEquals(1, standstills().size());
  }
}
