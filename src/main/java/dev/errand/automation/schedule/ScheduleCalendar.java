package dev.errand.automation.schedule;

import dev.errand.automation.schedule.ScheduleReader.FireDetails;
import dev.errand.automation.schedule.ScheduleRows.OfTask;
import dev.errand.base.database.DatabaseTime;
import dev.errand.base.error.ApiException;
import dev.errand.base.error.ErrorCode;
import dev.errand.identity.account.Caller;
import dev.errand.identity.profile.Profile;
import dev.errand.identity.profile.ProfileAccess;
import dev.errand.identity.profile.ProfileSlug;
import dev.errand.identity.profile.Right;
import dev.errand.runs.queue.RunStatuses.RunByHand;
import dev.errand.runs.queue.RunStatuses.ScheduleKey;
import dev.errand.runs.task.TaskAccess;
import dev.errand.runs.task.TaskSnapshot;
import io.quarkus.narayana.jta.QuarkusTransaction;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.transaction.Transactional;
import java.time.Clock;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Calculates the future fires of schedules on some days, and reads the results of past ones. */
@ApplicationScoped
public class ScheduleCalendar {
  public static final int MOST = 100;

  /** How many coming fires of a schedule it has of each day at most. */
  public static final int MOST_OF_DAY = 4;

  private final ProfileAccess access;
  private final TaskAccess tasks;
  private final ScheduleRows rows;
  private final FireRows fires;
  private final ScheduleReader reader;
  private final Clock clock;

  ScheduleCalendar(
      ProfileAccess access,
      TaskAccess tasks,
      ScheduleRows rows,
      FireRows fires,
      ScheduleReader reader,
      @DatabaseTime Clock clock) {
    this.access = access;
    this.tasks = tasks;
    this.rows = rows;
    this.fires = fires;
    this.reader = reader;
    this.clock = clock;
  }

  /** Some schedules, without their parameters. */
  public record Chosen(List<OfTask> schedules, boolean areAll) {
    /** The zone that most of them have; UTC where there are none. */
    public ZoneId zone() {
      return schedules.stream()
          .collect(
              Collectors.groupingBy(
                  of -> of.schedule().definition().timezone(), Collectors.counting()))
          .entrySet()
          .stream()
          .max(Map.Entry.<String, Long>comparingByValue().thenComparing(Map.Entry.comparingByKey()))
          .<ZoneId>map(most -> ZoneId.of(most.getKey()))
          .orElse(ZoneOffset.UTC);
    }
  }

  /**
   * A schedule on some days.
   *
   * @param past its stored fires of these days, the earliest first
   * @param byHand those of its 100 newest runs by hand that were started on these days
   * @param coming the times of its future fires, by day, at most {@link #MOST_OF_DAY}
   */
  public record ScheduleDays(
      String task,
      Schedule schedule,
      List<FireDetails> past,
      List<RunByHand> byHand,
      Map<LocalDate, List<Instant>> coming) {}

  /** The present time, by the clock of schedules. */
  public Instant now() {
    return clock.instant();
  }

  /**
   * The first schedules of a profile or of one of its tasks, by name.
   *
   * @param task the name of the task; null for all
   * @throws ApiException {@link ErrorCode#PROFILE_NOT_FOUND} or {@link ErrorCode#TASK_NOT_FOUND}
   */
  @Transactional
  public Chosen choose(Caller caller, ProfileSlug slug, @Nullable String task) {
    List<OfTask> found;
    if (task == null) {
      Profile profile = access.requireForList(caller, slug, Right.SEE);
      found =
          rows.bareOfProfile(profile.id(), MOST + 1).stream()
              .filter(listed -> ProfileAccess.coversTask(caller, profile, slug, listed.task()))
              .toList();
    } else {
      TaskSnapshot snapshot = tasks.require(caller, slug, task, Right.SEE);
      found =
          rows.bare(snapshot.id(), MOST + 1).stream()
              .map(schedule -> new OfTask(snapshot.name(), schedule))
              .toList();
    }
    return new Chosen(found.subList(0, Math.min(MOST, found.size())), found.size() <= MOST);
  }

  /**
   * The fires of schedules on some days.
   *
   * @param chosen the schedules, as {@link #choose} found them
   */
  public List<ScheduleDays> on(Chosen chosen, LocalDate from, int days, ZoneId zone) {
    Map<UUID, UUID> tasksOf = new HashMap<>();
    chosen.schedules.forEach(of -> tasksOf.put(of.schedule().id(), of.schedule().taskId()));
    CalendarDays future = new CalendarDays(from, days, zone, now());
    Instant begin = from.atStartOfDay(zone).toInstant();
    Instant end = from.plusDays(days).atStartOfDay(zone).toInstant();
    // The coming times are calculated without a connection, which others may wait for.
    Map<UUID, List<FireDetails>> past =
        QuarkusTransaction.joiningExisting()
            .call(() -> reader.details(fires.between(tasksOf.keySet(), begin, end), tasksOf))
            .stream()
            .collect(Collectors.groupingBy(details -> details.fire().scheduleId()));
    Map<ScheduleKey, List<RunByHand>> byHand =
        QuarkusTransaction.joiningExisting()
            .call(
                () ->
                    reader.byHand(
                        chosen.schedules.stream().map(OfTask::schedule).toList(), begin, end))
            .stream()
            .collect(Collectors.groupingBy(RunByHand::schedule));
    return chosen.schedules.stream()
        .map(
            of ->
                new ScheduleDays(
                    of.task(),
                    of.schedule(),
                    past.getOrDefault(of.schedule().id(), List.of()),
                    byHand
                        .getOrDefault(
                            new ScheduleKey(of.schedule().taskId(), of.schedule().name()),
                            List.of())
                        .stream()
                        .filter(run -> !run.createdAt().isBefore(of.schedule().createdAt()))
                        .toList(),
                    coming(of.schedule(), future)))
        .toList();
  }

  private static Map<LocalDate, List<Instant>> coming(Schedule schedule, CalendarDays days) {
    Instant undecided = schedule.state().nextTime();
    return schedule.isGoing() && undecided != null
        ? days.coming(schedule.timing(), undecided, MOST_OF_DAY)
        : Map.of();
  }
}
