package dev.errand.automation.schedule;

import dev.errand.automation.schedule.calendar.Timing;
import dev.errand.base.database.LinesColumn;
import dev.errand.base.http.Tagged;
import io.quarkus.runtime.annotations.RegisterForReflection;
import jakarta.persistence.Column;
import jakarta.persistence.Convert;
import jakarta.persistence.Embeddable;
import jakarta.persistence.Embedded;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * A schedule at one moment: a row of the table of schedules.
 *
 * @param name its name, unique in the task
 * @param depth the number of ancestors of the runs that it starts
 */
@RegisterForReflection
public record Schedule(
    UUID id,
    UUID taskId,
    String name,
    ScheduleDefinition definition,
    int depth,
    State state,
    Instant createdAt,
    Instant modifiedAt,
    long etag)
    implements Tagged {

  /**
   * The state of a schedule.
   *
   * @param nextTime the first undecided time; null when there is none
   * @param openRuns the names of runs whose end has not been counted, oldest first
   * @param paused its pause; null while it fires
   */
  @Embeddable
  @RegisterForReflection
  public record State(
      @Nullable Instant nextTime,
      int failures,
      @Convert(converter = LinesColumn.class) List<String> openRuns,
      @Embedded @Nullable Pause paused,
      long fires) {

    State withNext(Instant time) {
      return new State(time, failures, openRuns, paused, fires);
    }
  }

  /** The pause of a schedule, which then does not fire. */
  @Embeddable
  @RegisterForReflection
  public record Pause(
      @Column(name = "paused_at") Instant at, @Column(name = "paused_reason") String reason) {}

  public boolean isGoing() {
    return definition.enabled() && state.paused() == null;
  }

  public Timing timing() {
    return definition.timing(id, createdAt);
  }

  public String runName(Instant time) {
    return name + "@" + time;
  }

  /**
   * When a tick must handle it, less the offset of its spread, which a version before 0.2.0 does
   * not know: to that the fire would seem late. Null while it does not fire or has no next time.
   */
  @Nullable Instant dueAt() {
    Instant next = state.nextTime();
    return next == null || !isGoing() ? null : timing().unspread(next);
  }

  /** The same, as if it had been changed at that time. */
  Schedule withChange(Instant at, long tag) {
    return new Schedule(id, taskId, name, definition, depth, state, createdAt, at, tag);
  }

  Schedule withState(State now) {
    return new Schedule(id, taskId, name, definition, depth, now, createdAt, modifiedAt, etag);
  }
}
