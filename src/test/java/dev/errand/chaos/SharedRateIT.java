package dev.errand.chaos;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.errand.support.Eventually;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;

/**
 * Runs that begin at once on several servers keep together to the rate that their provider gives,
 * also when one of the servers is killed. {@code -Pchaos} is the long form, {@code verify} has a
 * short one.
 */
@EnabledOnOs(value = OS.LINUX, disabledReason = "elsewhere 127.0.0.0/8 is not all one's own")
class SharedRateIT {
  private static final Path FOLDER = Path.of("target", "shared-rate");
  private static final String PROFILE = "/api/profiles/~/default";
  private static final Duration PATIENCE = Duration.ofMinutes(10);
  private static final int AT_ONCE = 10;
  private static final int TASKS = 4;

  private final int runs = Integer.getInteger("chaos.rate.runs", 100);
  private final int perMinute = Integer.getInteger("chaos.rate.perMinute", 600);
  private final int servers = Integer.getInteger("chaos.rate.servers", 2);
  private final RatedVendor vendor = new RatedVendor(perMinute);

  @Test
  void allServersTogetherKeepToARate() throws Exception {
    CrashIT.empty(FOLDER);
    try (CrashDatabase database = new CrashDatabase(FOLDER.resolve("database"));
        Outside outside = new Outside(Fleet.freePort(), 400, vendor);
        Fleet fleet = new Fleet(FOLDER, outside, CrashIT.configuration(database, FOLDER))) {
      Thread hook = fleet.start(servers, database);
      register(fleet, outside);
      for (int run = 0; run < runs; run++) {
        fleet.startRun(
            new Workload.Task(PROFILE + "/tasks/rated-" + run % TASKS, AT_ONCE, false), run);
      }
      Eventually.await("half of the answers", PATIENCE, () -> vendor.answered() >= runs / 2);
      fleet.answering().getFirst().kill();
      database.awaitEnds();
      // What a killed server had asked is asked again, and has a place of its own.
      int answered = vendor.answered();
      double best = (answered - 1) * 60.0 / perMinute;
      System.out.printf(
          "%d runs on %d servers at %d a minute: %d answered, %d refused; %.1f s, evenly spaced %.1f s%n",
          runs, servers, perMinute, answered, vendor.refused(), vendor.seconds(), best);
      assertEquals(
          runs, database.count("SELECT count(*) FROM run WHERE status = 'ready'"), "all are ready");
      assertTrue(vendor.refused() * 100 <= runs, vendor.refused() + " of " + runs + " refused");
      Runtime.getRuntime().removeShutdownHook(hook);
    }
  }

  private void register(Fleet fleet, Outside outside) throws InterruptedException {
    fleet.putUntilTaken(
        "/api/users/~/providers/vendor",
        """
        {"runner": "openai", "openai": {"model": "scripted", "base_url": "%s"},
         "settings": {"key": "sk-a-key-for-the-rate-test"},
         "rate": {"requests_per_minute": %d}}
        """
            .formatted(outside.modelUrl(), perMinute),
        0);
    for (int task = 0; task < TASKS; task++) {
      fleet.putUntilTaken(
          PROFILE + "/tasks/rated-" + task,
          """
          {"runner": "openai",
           "openai": {"prompt": "%s{{ number }}"}, "provider": "~/vendor",
           "settings": {"concurrency": %d, "max_attempts": 20, "timeout": "PT1H"}}
          """
              .formatted(RatedVendor.PROMPT, AT_ONCE),
          0);
    }
  }
}
