package dev.errand.app.boot;

import static io.restassured.RestAssured.given;
import static org.hamcrest.Matchers.equalTo;
import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.errand.support.Eventually;
import dev.errand.support.TestDatabase;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.QuarkusTestProfile;
import io.quarkus.test.junit.TestProfile;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

@QuarkusTest
@QuarkusTestResource(TestDatabase.class)
@TestProfile(LivenessTest.OfItsOwn.class)
class LivenessTest {
  private static final List<String> LOOPS =
      List.of(
          "callback",
          "schedule-tick",
          "worker-claim",
          "worker-keep",
          "worker-lease",
          "worker-rescue",
          "worker-tell",
          "worker-watch");

  /** A process that is of no use afterwards. */
  public static class OfItsOwn implements QuarkusTestProfile {
    @Override
    public Map<String, String> getConfigOverrides() {
      return Map.of("errand.worker.concurrency", "3");
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

  private static Thread thread(String name) {
    return Thread.getAllStackTraces().keySet().stream()
        .filter(thread -> thread.getName().equals(name))
        .findFirst()
        .orElseThrow(() -> new AssertionError(name + " does not run"));
  }
}
