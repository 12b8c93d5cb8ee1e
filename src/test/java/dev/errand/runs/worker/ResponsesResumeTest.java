package dev.errand.runs.worker;

import dev.errand.support.Api;
import dev.errand.support.TestDatabase;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.QuarkusTestProfile;
import io.quarkus.test.junit.TestProfile;
import java.util.Map;

/** A run by the Responses API goes on with all that the vendor sent, as it came. */
@QuarkusTest
@QuarkusTestResource(TestDatabase.class)
@TestProfile(ResponsesResumeTest.NoLoop.class)
class ResponsesResumeTest extends ResumeTest {
  /** The test is the only worker, and its tasks have the runner {@code responses}. */
  public static final class NoLoop implements QuarkusTestProfile {
    @Override
    public Map<String, String> getConfigOverrides() {
      return Map.of("errand.worker.mode", "request", Api.RUNNER, "responses");
    }
  }
}
