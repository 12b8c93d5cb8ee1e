package dev.errand.automation.schedule;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.errand.base.database.DatabaseTime;
import dev.errand.base.error.ApiException;
import dev.errand.base.error.ErrorCode;
import dev.errand.base.json.Json;
import dev.errand.identity.account.Caller;
import dev.errand.runs.entry.RunCause;
import dev.errand.runs.lifecycle.RunStarter;
import dev.errand.runs.lifecycle.RunStarter.StartedRun;
import dev.errand.runs.lifecycle.ScheduledRuns;
import dev.errand.runs.lifecycle.ScheduledTime;
import dev.errand.runs.task.TaskSnapshot;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneId;
import java.time.temporal.ChronoUnit;

/** Starts runs of schedules by request, and finds the next run of a schedule for a preview. */
@ApplicationScoped
class ManualStarts implements ScheduledRuns {
  private final ScheduleRows rows;
  private final RunStarter starter;
  private final Json json;
  private final Clock clock;

  ManualStarts(ScheduleRows rows, RunStarter starter, Json json, @DatabaseTime Clock clock) {
    this.rows = rows;
    this.starter = starter;
    this.json = json;
    this.clock = clock;
  }

  /**
   * Starts a run of the schedule at once, whatever its times and whether it is enabled.
   *
   * @throws ApiException {@link ErrorCode#SCHEDULE_NOT_FOUND}, and as {@link RunStarter#start}
   */
  StartedRun now(Caller caller, TaskSnapshot task, String name) {
    Schedule schedule = require(task, name);
    Instant now = clock.instant();
    StartedRun run = at(caller, task, schedule, now);
    // Each request starts a new run: if the name is taken, the next millisecond is used.
    for (int later = 1; !run.started(); later++) {
      run = at(caller, task, schedule, now.plusMillis(later));
    }
    return run;
  }

  private StartedRun at(Caller caller, TaskSnapshot task, Schedule schedule, Instant named) {
    ScheduledRun start =
        start(
            schedule, schedule.name() + "@manual-" + named, named.truncatedTo(ChronoUnit.SECONDS));
    return starter.start(
        task,
        new RunStarter.Order(
            start.run(),
            start.parameters(),
            null,
            new RunCause.Schedule(schedule.name(), null, RunCause.By.of(caller)),
            schedule.depth(),
            null,
            start.time(),
            null));
  }

  @Override
  public ScheduledRun next(TaskSnapshot task, String name) {
    Schedule schedule = require(task, name);
    Instant next = schedule.state().nextTime();
    if (next == null) {
      throw ApiException.invalid(
          "schedule",
          "has no next time: it starts no run unless you change its times; to preview the prompt,"
              + " send parameters instead");
    }
    return start(schedule, schedule.runName(next), next);
  }

  private Schedule require(TaskSnapshot task, String name) {
    return rows.find(task.id(), name).orElseThrow(() -> ScheduleReader.notFound(task, name));
  }

  private ScheduledRun start(Schedule schedule, String run, Instant time) {
    ScheduleDefinition definition = schedule.definition();
    return new ScheduledRun(
        run,
        json.read(definition.parameters(), ObjectNode.class),
        new ScheduledTime(schedule.name(), ZoneId.of(definition.timezone()), time));
  }
}
