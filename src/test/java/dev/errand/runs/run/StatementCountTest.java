package dev.errand.runs.run;

import static dev.errand.support.Api.TASKS;
import static dev.errand.support.Api.register;
import static dev.errand.support.Api.trigger;
import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.errand.support.ScriptedModel;
import dev.errand.support.StatementLog;
import dev.errand.support.TestDatabase;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** How many statements a run costs, besides those by which the queue hands it on. */
@QuarkusTest
@QuarkusTestResource(TestDatabase.class)
class StatementCountTest {
  @AfterEach
  void stop() {
    StatementLog.stop();
  }

  @Test
  void aStartReadsOnceAndEnqueues() {
    try (ScriptedModel model = new ScriptedModel()) {
      register("counted-start", "Say {{ n }}", model).then().statusCode(201);
      StatementLog.start();
      trigger("counted-start", "one", Map.of("n", 1)).then().statusCode(201);
      List<String> statements =
          StatementLog.ofRequest(TASKS + "/counted-start/runs/one").stream()
              // The bound of the queue counts once a second at most.
              .filter(sql -> !sql.contains("count(*) AS runs"))
              .toList();
      assertEquals(2, statements.size(), () -> String.join("\n;\n", statements));
      assertEquals(List.of(true, false), having("FROM session", statements));
      assertEquals(List.of(true, false), having("JOIN task", statements));
      assertEquals(List.of(false, true), having("INSERT INTO run ", statements));
    }
  }

  private static List<Boolean> having(String part, List<String> statements) {
    return statements.stream().map(sql -> sql.contains(part)).toList();
  }
}
