package dev.errand.automation.schedule;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.errand.base.database.DatabaseTime;
import dev.errand.base.database.Sql;
import dev.errand.support.Api;
import dev.errand.support.ScriptedModel;
import dev.errand.support.StatementLog;
import dev.errand.support.TestDatabase;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.TestProfile;
import jakarta.inject.Inject;
import java.util.Collections;
import javax.sql.DataSource;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** The memory that due schedules take is bounded, however many are due and however large. */
@QuarkusTest
@QuarkusTestResource(TestDatabase.class)
@TestProfile(OnTestTime.class)
class ScheduleMemoryTest {
  private static final int DUE = 4;

  private final ScriptedModel model = new ScriptedModel();

  @Inject ScheduleTicker schedules;
  @Inject Sql sql;
  @Inject DataSource database;
  @Inject @DatabaseTime TestTime time;

  @AfterEach
  void tidyUp() {
    StatementLog.stop();
    model.close();
  }

  @Test
  void aBatchIsSmallerWhereTheHeapIs() {
    assertEquals(1, ScheduleTicker.atOnce(1 << 20));
    assertEquals(64, ScheduleTicker.atOnce(256 << 20));
    assertEquals(200, ScheduleTicker.atOnce(8L << 30));
  }

  @Test
  void parametersAreTreesInPartsOfFourMegabytes() throws Exception {
    Api.register("heavy", "Hello", model).then().statusCode(201);
    ManySchedules.clear(database);
    ManySchedules.add(database, "heavy", DUE, "2026-11-24T13:00:00Z");
    // As a tree, each takes more than four megabytes.
    sql.statement(
            "UPDATE schedule SET parameters = :parameters WHERE task_id ="
                + " (SELECT id FROM task WHERE name = 'heavy' AND deleted_at IS NULL)")
        .with("parameters", "{\"l\":[" + String.join(",", Collections.nCopies(40_000, "[]")) + "]}")
        .run();
    time.set("2026-11-24T13:00:00Z");

    StatementLog.start();
    assertEquals(DUE, schedules.tick());
    assertEquals(
        DUE,
        StatementLog.ofAll().stream().filter(sql -> sql.contains("INTO run ")).count(),
        "each starts its run before the next one is read");
    Api.api().delete(Api.TASKS + "/heavy?force=true").then().statusCode(204);
  }
}
