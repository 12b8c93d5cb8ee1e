package dev.errand.runs.history;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.errand.base.database.Sql;
import dev.errand.models.port.RunError;
import dev.errand.support.TestDatabase;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import jakarta.inject.Inject;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

@QuarkusTest
@QuarkusTestResource(TestDatabase.class)
class FailuresInARowTest {
  @Inject Sql sql;

  @Test
  void theDatabaseLeavesOutTheSameErrors() {
    List<RunError> named =
        Stream.of(RunError.values())
            .filter(
                error ->
                    sql.statement("SELECT is_on_purpose(:code) AS leaves_out")
                        .with("code", error.code())
                        .one(row -> row.flag("leaves_out")))
            .toList();
    assertEquals(Stream.of(RunError.values()).filter(RunError::isOnPurpose).toList(), named);
  }
}
