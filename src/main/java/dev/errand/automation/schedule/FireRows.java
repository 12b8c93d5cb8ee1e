package dev.errand.automation.schedule;

import dev.errand.base.database.Sql;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Event;
import java.time.Instant;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.Collectors;

/** The table of decided fires. Its methods take part in the caller's transaction. */
@ApplicationScoped
public class FireRows {
  /** How many fires of a schedule are kept. */
  static final int HISTORY = 100;

  private static final String ADD =
      """
      INSERT INTO schedule_fire (schedule_id, number, scheduled_for, decided_at, verdict, detail,
        run_name)
      SELECT * FROM unnest(:schedule_id::uuid[], :number::bigint[],
        :scheduled_for::text[]::timestamptz[], :decided_at::text[]::timestamptz[], :verdict::text[],
        :detail::text[], :run_name::text[])
      """;

  static final String FORGET =
      """
      DELETE FROM schedule_fire
      USING unnest(:schedule_id::uuid[], :number::bigint[]) AS last (schedule_id, number)
      WHERE schedule_fire.schedule_id = last.schedule_id AND schedule_fire.number <= last.number
      """;

  private static final String ALL =
      "SELECT * FROM schedule_fire WHERE schedule_id = :schedule_id ORDER BY number DESC";

  // All stored fires of each schedule are read, by the key, since these are few.
  static final String BETWEEN =
      """
      SELECT fire.* FROM unnest(:schedule_id::uuid[]) AS wanted (id) CROSS JOIN LATERAL (
        SELECT * FROM schedule_fire WHERE schedule_id = wanted.id
        ORDER BY number DESC LIMIT %d) AS fire
      WHERE scheduled_for >= :from AND scheduled_for < :until
      ORDER BY scheduled_for, schedule_id, number
      """
          .formatted(HISTORY);

  private static final String LAST = ALL + " LIMIT 1";

  private static final String LAST_OF =
      """
      SELECT schedule_fire.* FROM schedule_fire
      JOIN unnest(:schedule_id::uuid[], :number::bigint[]) AS last (schedule_id, number)
      USING (schedule_id, number)
      """;

  private final Sql sql;
  private final Event<DecidedFire.Count> decided;

  FireRows(Sql sql, Event<DecidedFire.Count> decided) {
    this.sql = sql;
    this.decided = decided;
  }

  /** Adds fires, and removes the oldest beyond the limit of each schedule. */
  public void add(Collection<DecidedFire> fires) {
    if (fires.isEmpty()) {
      return;
    }
    Map<UUID, Long> last = new HashMap<>();
    fires.forEach(fire -> last.merge(fire.scheduleId(), fire.number(), Math::max));
    insert(fires.stream().filter(fire -> fire.number() > tooOld(last, fire.scheduleId())).toList());
    List<UUID> full = last.keySet().stream().filter(id -> tooOld(last, id) > 0).toList();
    if (!full.isEmpty()) {
      sql.statement(FORGET)
          .with("schedule_id", "uuid", full)
          .with("number", "bigint", full, id -> tooOld(last, id))
          .update();
    }
    fires.stream()
        .collect(Collectors.groupingBy(DecidedFire::verdict, Collectors.counting()))
        .forEach((verdict, times) -> decided.fire(new DecidedFire.Count(verdict, times)));
  }

  private static long tooOld(Map<UUID, Long> last, UUID schedule) {
    return Objects.requireNonNull(last.get(schedule)) - HISTORY;
  }

  private void insert(List<DecidedFire> fires) {
    sql.statement(ADD).withAll(DecidedFire.class, fires).update();
  }

  public List<DecidedFire> of(UUID scheduleId) {
    return sql.statement(ALL).with("schedule_id", scheduleId).list(DecidedFire.class);
  }

  /**
   * The fires of schedules for times of a span, the earliest first.
   *
   * @param until the time after the last one
   */
  public List<DecidedFire> between(Collection<UUID> scheduleIds, Instant from, Instant until) {
    return sql.statement(BETWEEN)
        .with("schedule_id", "uuid", scheduleIds)
        .with("from", from)
        .with("until", until)
        .list(DecidedFire.class);
  }

  public Optional<DecidedFire> last(UUID scheduleId) {
    return sql.statement(LAST).with("schedule_id", scheduleId).first(DecidedFire.class);
  }

  public List<DecidedFire> lastOf(List<Schedule> schedules) {
    return sql.statement(LAST_OF)
        .with("schedule_id", "uuid", schedules, Schedule::id)
        .with("number", "bigint", schedules, of -> of.state().fires())
        .list(DecidedFire.class);
  }
}
