package dev.errand.openapi;

import dev.errand.app.telemetry.Observed;
import dev.errand.support.TestDatabase;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.common.TestResourceScope;
import io.quarkus.test.common.WithTestResource;
import io.quarkus.test.junit.QuarkusTest;
import jakarta.inject.Inject;
import javax.sql.DataSource;
import org.junit.jupiter.api.Test;

/** The service answers as the API's document says. */
@QuarkusTest
@WithTestResource(value = Observed.class, scope = TestResourceScope.MATCHING_RESOURCES)
@QuarkusTestResource(TestDatabase.class)
class ApiWalkTest {
  @Inject DataSource database;

  @Test
  void everyOperationAnswersAsDocumented() {
    try (EveryOperation operations = EveryOperation.served(database)) {
      operations.walk();
    }
  }
}
