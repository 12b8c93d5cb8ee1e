package dev.errand.automation.schedule;

import static dev.errand.support.Api.api;
import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.errand.support.Api;
import dev.errand.support.TestDatabase;
import io.quarkus.narayana.jta.QuarkusTransaction;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.TestProfile;
import jakarta.inject.Inject;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import javax.sql.DataSource;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Due schedules of a profile that is being deleted keep no others from their fires. */
@QuarkusTest
@QuarkusTestResource(TestDatabase.class)
@TestProfile(OnTestTime.class)
@Timeout(60)
class LockedScheduleTest {
  @Inject ScheduleRows rows;
  @Inject DataSource database;

  @AfterEach
  void remove() {
    for (String profile : List.of("locked", "free")) {
      api().delete("/api/profiles/~/" + profile + "?force=true");
    }
  }

  @Test
  void aTickFindsWhatIsDueBehindAProfileThatIsBeingDeleted() throws SQLException {
    ManySchedules.clear(database);
    add("locked", 5, "2026-11-24T13:00:00Z");
    add("free", 3, "2026-11-24T13:30:00Z");
    assertEquals(List.of(4L, 0L), List.of(due("locked"), due("free")));
    try (Connection deletion = database.getConnection();
        Statement statement = deletion.createStatement()) {
      deletion.setAutoCommit(false);
      statement.execute("SELECT FROM profile WHERE name = 'locked' FOR UPDATE");
      assertEquals(List.of(0L, 3L), List.of(due("locked"), due("free")));
      deletion.rollback();
      deletion.setAutoCommit(true);
    }
  }

  /** How many of a profile's schedules are among the four that are most overdue. */
  private long due(String profile) {
    Instant now = Instant.parse("2026-11-24T14:00:00Z");
    DueTurns turns = new DueTurns(rows);
    turns.begin(now, 4);
    List<Schedule> due =
        QuarkusTransaction.requiringNew()
            .call(() -> turns.take(now, 4, new ArrayList<>(), Duration.ofSeconds(30)));
    String prefix = profile.equals("free") ? "13:30" : "13:00";
    return due.stream().filter(one -> String.valueOf(one.dueAt()).contains("T" + prefix)).count();
  }

  private void add(String profile, int schedules, String next) throws SQLException {
    api().post("/api/profiles/~/" + profile).then().statusCode(201);
    api()
        .body(Api.task("Hello", "http://127.0.0.1:1/v1", Map.of("key", "sk-a-key-for-tests-1234")))
        .put("/api/profiles/~/" + profile + "/tasks/of-" + profile)
        .then()
        .statusCode(201);
    ManySchedules.add(database, "of-" + profile, schedules, next);
  }
}
