package dev.errand.models.loop;

import static dev.errand.support.Api.TASKS;
import static dev.errand.support.Api.api;
import static dev.errand.support.Api.register;
import static org.hamcrest.Matchers.equalTo;

import dev.errand.support.HostedService;
import dev.errand.support.ScriptedModel;
import dev.errand.support.TestDatabase;
import dev.errand.support.WithRunner;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.TestProfile;
import jakarta.enterprise.inject.Typed;
import org.junit.jupiter.api.Test;

@QuarkusTest
@QuarkusTestResource(TestDatabase.class)
@TestProfile(HostedService.class)
@WithRunner(OtherVendorPort.RUNNER)
@Typed(OtherVendorToolLoopTest.class)
class OtherVendorToolLoopTest extends ToolLoopTest {
  @Test
  void theTasksAreThoseOfTheOtherVendor() {
    try (ScriptedModel other = new ScriptedModel()) {
      register("of-the-other", "Hello", other).then().statusCode(201);
      api().get(TASKS + "/of-the-other").then().body("runner", equalTo(OtherVendorPort.RUNNER));
    }
  }
}
