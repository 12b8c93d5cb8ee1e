package dev.errand.automation.schedule;

import dev.errand.automation.schedule.calendar.Timing;
import dev.errand.automation.schedule.calendar.Timing.Fire;
import dev.errand.base.database.DatabaseTime;
import dev.errand.base.error.ApiException;
import dev.errand.base.error.ErrorCode;
import dev.errand.identity.account.Caller;
import dev.errand.identity.profile.ProfileAccess;
import dev.errand.identity.profile.ProfileSlug;
import dev.errand.identity.profile.Right;
import dev.errand.runs.task.TaskAccess;
import dev.errand.runs.task.TaskSnapshot;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.transaction.Transactional;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneId;
import java.util.List;
import java.util.UUID;
import java.util.function.Function;

/** Calculates at which times a schedule would fire, before it is registered. */
@ApplicationScoped
public class SchedulePreviews {
  private static final int COMING = 5;

  private final ProfileAccess access;
  private final TaskAccess tasks;
  private final ScheduleRows rows;
  private final Clock clock;

  SchedulePreviews(
      ProfileAccess access, TaskAccess tasks, ScheduleRows rows, @DatabaseTime Clock clock) {
    this.access = access;
    this.tasks = tasks;
    this.rows = rows;
    this.clock = clock;
  }

  /**
   * The times of a schedule.
   *
   * @param words its rule in words
   * @param next the next times, five at most
   * @param isOnce whether there is only one
   * @param mostOnADay how many times there are on a day at most
   * @param isOftenerThanEachMinute whether two of them may be less than a minute apart
   * @param isAsBefore whether the schedule has these times already
   */
  public record SchedulePreview(
      String words,
      ZoneId zone,
      List<Instant> next,
      boolean isOnce,
      long mostOnADay,
      boolean isOftenerThanEachMinute,
      boolean isAsBefore) {}

  /**
   * The times of a new schedule, without the jitter of each, which depends on the id that it gets
   * when it is registered.
   *
   * @param name its name, which decides its place in a spread; empty where it has none yet
   * @throws ApiException {@link ErrorCode#PROFILE_NOT_FOUND}, or when what is wanted is not valid
   */
  public SchedulePreview ofNew(
      Caller caller, ProfileSlug profile, String task, String name, ScheduleRequest wanted) {
    ProfileSlug found = access.require(caller, profile, Right.SEE).slug();
    Instant now = clock.instant();
    ScheduleDefinition sent = wanted.checked();
    ScheduleDefinition placed =
        task.isEmpty() || name.isEmpty() ? sent : sent.placed(found, task, name, null);
    return preview(
        placed, UUID.randomUUID(), now, now, fire -> fire.time().plus(placed.offset()), false);
  }

  /**
   * The times of a schedule if it were changed.
   *
   * @throws ApiException {@link ErrorCode#PROFILE_NOT_FOUND}, {@link ErrorCode#TASK_NOT_FOUND},
   *     {@link ErrorCode#SCHEDULE_NOT_FOUND}, or when what is wanted is not valid
   */
  @Transactional
  public SchedulePreview ofChanged(
      Caller caller, ProfileSlug profile, String task, String schedule, ScheduleRequest wanted) {
    TaskSnapshot snapshot = tasks.require(caller, profile, task, Right.SEE);
    Schedule known =
        rows.find(snapshot.id(), schedule)
            .orElseThrow(() -> ScheduleReader.notFound(snapshot, schedule));
    ScheduleDefinition definition =
        wanted
            .checked()
            .placed(snapshot.profile().slug(), snapshot.name(), schedule, known.definition());
    return preview(
        definition,
        known.id(),
        known.createdAt(),
        clock.instant(),
        Fire::due,
        definition.hasRuleOf(known.definition()));
  }

  private static SchedulePreview preview(
      ScheduleDefinition definition,
      UUID id,
      Instant createdAt,
      Instant now,
      Function<Fire, Instant> shown,
      boolean isAsBefore) {
    Timing timing = definition.timing(id, createdAt);
    Fire first = timing.at(ScheduleRegistry.firstOf(definition, id, createdAt, now));
    ZoneId zone = ZoneId.of(definition.timezone());
    return new SchedulePreview(
        timing.words(zone) + ".",
        zone,
        timing.from(first, COMING).stream().map(shown).toList(),
        definition.at() != null,
        timing.rule().mostOnADay(),
        timing.rule().isOftenerThanEachMinute(),
        isAsBefore);
  }
}
