package dev.errand.app.boot;

import static io.restassured.RestAssured.given;
import static org.hamcrest.Matchers.equalTo;
import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.errand.base.background.LateJobs;
import dev.errand.support.Eventually;
import dev.errand.support.TestDatabase;
import io.quarkus.scheduler.Scheduler;
import io.quarkus.scheduler.Trigger;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.QuarkusTestProfile;
import io.quarkus.test.junit.TestProfile;
import jakarta.inject.Inject;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

@QuarkusTest
@QuarkusTestResource(TestDatabase.class)
@TestProfile(LivenessTest.OfItsOwn.class)
class LivenessTest {
  private static final List<String> LOOPS =
      List.of("worker-claim", "worker-lease", "worker-publish", "worker-watch");
  private static final List<String> JOBS =
      List.of(
          "approval-tick",
          "callback-deliver",
          "callback-forget",
          "notice-route",
          "rate-tick",
          "schedule-tick",
          "watch-tick",
          "worker-keep",
          "worker-report",
          "worker-rescue");

  @Inject Scheduler scheduler;
  @Inject LateJobs jobs;

  /** A process that is of no use afterwards. */
  public static class OfItsOwn implements QuarkusTestProfile {
    @Override
    public Map<String, String> getConfigOverrides() {
      return Map.of("errand.worker.concurrency", "3");
    }

    @Override
    public Set<Class<?>> getEnabledAlternatives() {
      return Set.of(LateJobs.class);
    }
  }

  @Test
  void aProcessWithoutOneOfItsLoopsIsNotAlive() {
    assertEquals(200, given().get("/q/health/live").statusCode());
    for (int i = 0; i < LOOPS.size(); i++) {
      Thread loop = thread(LOOPS.get(i));
      // Nothing but the stop of the process interrupts it.
      loop.interrupt();
      Eventually.await("the end of " + loop.getName(), () -> !loop.isAlive());
      given()
          .get("/q/health/live")
          .then()
          .statusCode(503)
          .body(
              "checks.find { it.name == 'background threads' }.data.ended",
              equalTo(String.join(", ", LOOPS.subList(0, i + 1))));
    }
  }

  @Test
  void aProcessThatOmitsItsJobsIsNotAlive() {
    assertEquals(JOBS, scheduler.getScheduledJobs().stream().map(Trigger::getId).sorted().toList());
    scheduler.pause();
    Duration tooLong = Duration.ofHours(1);
    AtomicInteger passed = new AtomicInteger();
    try {
      // A job that was under way ends later than the clock says here, and is late after another
      // hour.
      Eventually.await(
          "all jobs to be overdue",
          () -> {
            jobs.pass(tooLong);
            passed.incrementAndGet();
            return String.join(", ", JOBS)
                .equals(
                    given()
                        .get("/q/health/live")
                        .jsonPath()
                        .getString("checks.find { it.name == 'periodic jobs' }.data.overdue"));
          });
      given().get("/q/health/live").then().statusCode(503);
    } finally {
      jobs.pass(tooLong.multipliedBy(passed.get()).negated());
      scheduler.resume();
    }
  }

  private static Thread thread(String name) {
    return Thread.getAllStackTraces().keySet().stream()
        .filter(thread -> thread.getName().equals(name))
        .findFirst()
        .orElseThrow(() -> new AssertionError(name + " does not run"));
  }
}
