package dev.errand.automation.schedule;

import com.fasterxml.jackson.databind.node.NullNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.errand.automation.schedule.Schedule.Pause;
import dev.errand.automation.schedule.ScheduleFailures.MissedTimes;
import dev.errand.base.json.Json;
import dev.errand.runs.event.EventKind;
import dev.errand.runs.event.TaskEvent;
import dev.errand.runs.event.TaskEvents;
import dev.errand.runs.queue.RunStatuses.RunKey;
import dev.errand.runs.queue.RunStatuses.RunOutcome;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Stores what a tick decided of schedules, in its transaction: their states, their fires, and the
 * events of those that paused themselves or missed times.
 */
@ApplicationScoped
class ScheduleDecisions {
  private final ScheduleRows rows;
  private final FireRows fires;
  private final TaskEvents events;
  private final ScheduleConfig config;
  private final Json json;

  ScheduleDecisions(
      ScheduleRows rows, FireRows fires, TaskEvents events, ScheduleConfig config, Json json) {
    this.rows = rows;
    this.fires = fires;
    this.events = events;
    this.config = config;
    this.json = json;
  }

  /**
   * What was decided of a schedule.
   *
   * @param next its first undecided time
   */
  record Decided(ScheduleFailures tick, Optional<Instant> next) {}

  /** Begins what a tick decides of a schedule, by counting the outcomes of its open runs. */
  ScheduleFailures begin(Schedule schedule, Map<RunKey, RunOutcome> outcomes, Instant now) {
    return new ScheduleFailures(schedule, outcomes, now, config.pauseAfter());
  }

  void store(List<Decided> decided) {
    List<Schedule> states = new ArrayList<>();
    List<DecidedFire> decidedFires = new ArrayList<>();
    List<TaskEvent> happened = new ArrayList<>();
    for (Decided one : decided) {
      Schedule schedule = one.tick.goingOnWith(one.next);
      states.add(schedule);
      decidedFires.addAll(one.tick.fires());
      one.tick.missed().ifPresent(missed -> happened.add(missed(one.tick, schedule, missed)));
      one.tick.pause().ifPresent(pause -> happened.add(paused(schedule, pause)));
    }
    rows.saveState(states);
    fires.add(decidedFires);
    events.publish(happened);
  }

  private TaskEvent missed(ScheduleFailures tick, Schedule schedule, MissedTimes missed) {
    ObjectNode details =
        details(schedule, missed.sentence(), missed.first()).put("times", missed.atLeast());
    Instant next = schedule.isGoing() ? schedule.state().nextTime() : null;
    details.set("next", next == null ? NullNode.instance : json.toTree(next));
    return new TaskEvent(schedule.taskId(), EventKind.SCHEDULE_MISSED, tick.now(), details);
  }

  private TaskEvent paused(Schedule schedule, Pause pause) {
    return new TaskEvent(
        schedule.taskId(),
        EventKind.SCHEDULE_PAUSED,
        pause.at(),
        details(schedule, pause.reason(), pause.at()).put("failures", schedule.state().failures()));
  }

  private ObjectNode details(Schedule schedule, String reason, Instant since) {
    ObjectNode details =
        json.object().put(TaskEvent.SCHEDULE, schedule.name()).put("reason", reason);
    details.set("since", json.toTree(since));
    return details;
  }
}
