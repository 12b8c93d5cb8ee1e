package dev.errand.automation.schedule.store;

import dev.errand.automation.schedule.calendar.Timing;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * A schedule as it is kept.
 *
 * @param id the schedule
 * @param taskId the task whose runs it starts
 * @param name its name, unique in the task
 * @param definition what it was registered as
 * @param depth how many runs stand above those that it starts
 * @param standing where it stands
 * @param createdAt when it was first registered
 * @param modifiedAt when it was last registered
 */
public record Schedule(
    UUID id,
    UUID taskId,
    String name,
    ScheduleDefinition definition,
    int depth,
    Standing standing,
    Instant createdAt,
    Instant modifiedAt) {

  /**
   * Where a schedule stands.
   *
   * @param nextTime the first time that nothing is decided of; null when no more is to come
   * @param failures how many failures there were in a row
   * @param openRuns the names of the runs whose end is not counted yet, oldest first
   * @param paused since when and why it does not fire any more; null while it does
   * @param fires how many fires were decided
   */
  public record Standing(
      @Nullable Instant nextTime,
      int failures,
      List<String> openRuns,
      @Nullable Pause paused,
      long fires) {}

  /**
   * That a schedule does not fire any more.
   *
   * @param at since when
   * @param reason why, in a sentence
   */
  public record Pause(Instant at, String reason) {}

  /** Whether it fires when its time comes. */
  public boolean isGoing() {
    return definition.enabled() && standing.paused() == null;
  }

  /** When it fires. */
  public Timing timing() {
    return definition.timing(id, createdAt);
  }

  /** The name of the run that one of its times starts. */
  public String runName(Instant time) {
    return name + "@" + time;
  }

  /** When a tick is to look at it; null while it stands still or when no time is to come. */
  @Nullable Instant dueAt() {
    Instant next = standing.nextTime();
    return next == null || !isGoing() ? null : timing().at(next).due();
  }

  Schedule with(Standing now) {
    return new Schedule(id, taskId, name, definition, depth, now, createdAt, modifiedAt);
  }
}
