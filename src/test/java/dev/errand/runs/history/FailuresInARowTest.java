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
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@QuarkusTest
@QuarkusTestResource(TestDatabase.class)
class FailuresInARowTest {
  @Inject Sql sql;

  @ParameterizedTest
  @ValueSource(
      strings = {
        "SELECT prosrc AS text FROM pg_proc WHERE proname = 'failures_in_a_row'",
        "SELECT pg_get_triggerdef(oid) AS text FROM pg_trigger"
            + " WHERE tgname = 'run_ended_for_notices'"
      })
  void theDatabaseLeavesOutTheSameErrors(String statement) {
    String text = sql.statement(statement).one(row -> row.text("text"));
    List<RunError> named =
        Stream.of(RunError.values())
            .filter(error -> text.contains("'" + error.code() + "'"))
            .toList();
    assertEquals(Stream.of(RunError.values()).filter(RunError::isOnPurpose).toList(), named);
  }
}
