package dev.errand.automation.schedule;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.errand.automation.schedule.store.Schedule;
import dev.errand.automation.schedule.store.ScheduleDefinition;
import dev.errand.automation.schedule.store.ScheduleRows;
import dev.errand.base.database.DatabaseTime;
import dev.errand.base.json.Json;
import dev.errand.runs.run.start.ScheduledTime;
import dev.errand.runs.task.Task;
import dev.errand.runs.task.preview.ScheduledStarts;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneId;
import java.time.temporal.ChronoUnit;

/** Tells what a schedule starts next. */
@ApplicationScoped
class ScheduleStarts implements ScheduledStarts {
  private final ScheduleRows rows;
  private final Json json;
  private final Clock clock;

  ScheduleStarts(ScheduleRows rows, Json json, @DatabaseTime Clock clock) {
    this.rows = rows;
    this.json = json;
    this.clock = clock;
  }

  @Override
  public ScheduledStart next(Task task, String name) {
    Schedule schedule = require(task, name);
    Instant next = schedule.standing().nextTime();
    Instant time = next == null ? clock.instant().truncatedTo(ChronoUnit.SECONDS) : next;
    return start(schedule, schedule.runName(time), time);
  }

  private Schedule require(Task task, String name) {
    return rows.find(task.id, name, false).orElseThrow(() -> ScheduleStore.notFound(task, name));
  }

  private ScheduledStart start(Schedule schedule, String run, Instant time) {
    ScheduleDefinition definition = schedule.definition();
    return new ScheduledStart(
        run,
        json.read(definition.parameters(), ObjectNode.class),
        new ScheduledTime(schedule.name(), ZoneId.of(definition.timezone()), time));
  }
}
