package dev.errand.automation.schedule;

import dev.errand.automation.schedule.calendar.EnglishFormat;
import dev.errand.base.database.Sql;
import io.quarkus.runtime.annotations.RegisterForReflection;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.persistence.Column;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The spans in which no process looked for due schedules for so long that times were missed. The
 * first tick after such a span stores it: each tick leaves its time behind, about every ten
 * seconds. Where the process that stores it had looked all the time by its own clock, which nobody
 * sets, the database's clock jumped instead.
 */
@ApplicationScoped
public class Standstills {
  /** How exactly the last tick is known. */
  static final Duration WRITTEN_EVERY = Duration.ofSeconds(10);

  private static final Duration KEPT = Duration.ofDays(90);
  private static final int MOST = 1000;

  // One row of two processes that notice a standstill at once: the second waits for the first one's
  // row, and then finds it new. A clock that was set back must not keep the row in the future.
  private static final String NOTICE =
      """
      WITH ticked AS (
        INSERT INTO schedule_tick (one, at, before) VALUES (true, :now, :now)
        ON CONFLICT (one) DO UPDATE SET before = schedule_tick.at, at = excluded.at
        WHERE schedule_tick.at <= :due OR schedule_tick.at > excluded.at
        RETURNING before)
      INSERT INTO standstill (from_at, until_at, clock_jumped)
      SELECT before, :now, :clock_jumped FROM ticked WHERE before < :late
      RETURNING id
      """;

  private static final String FORGET =
      "DELETE FROM standstill WHERE until_at < :old OR id <= :last - " + MOST;

  private static final String DURING =
      """
      SELECT from_at, until_at, clock_jumped FROM standstill
      WHERE from_at < :until AND until_at > :from ORDER BY until_at - from_at DESC LIMIT 100
      """;

  private static final String LAST_TICK = "SELECT at FROM schedule_tick";

  private final Sql sql;
  private final ScheduleConfig config;
  private final AtomicReference<@Nullable Tick> last = new AtomicReference<>();

  Standstills(Sql sql, ScheduleConfig config) {
    this.sql = sql;
    this.config = config;
  }

  /**
   * A span without a tick.
   *
   * @param clockJumped whether the database's clock was changed, or its machine slept; otherwise no
   *     process ran, or none reached the database
   */
  @RegisterForReflection
  public record Standstill(
      @Column(name = "from_at") Instant from,
      @Column(name = "until_at") Instant until,
      boolean clockJumped) {

    /** What happened, without a full stop. */
    String words(ZoneId zone) {
      String first = EnglishFormat.time(from, zone) + " " + zone;
      String last = EnglishFormat.time(until, zone) + " " + zone;
      return clockJumped
          ? "the clock of the database was changed from about %s to %s, or its machine slept"
              .formatted(first, last)
          : "from about %s to %s no process looked for due schedules: none ran, or none reached the database"
              .formatted(first, last);
    }
  }

  private record Tick(Instant at, long nanos) {}

  /**
   * Notes that due schedules are looked for, and stores the standstill that ends by this, if any.
   *
   * @param now the time by the clock of schedules
   * @param setBack gets the time of the last tick before, if that is in the future since the clock
   *     was set back; if it fails, again at a later tick
   */
  void ticked(Instant now, Consumer<Instant> setBack) {
    Tick before = last.get();
    Tick tick = new Tick(now, System.nanoTime());
    if (before != null && isClose(before, tick)) {
      return;
    }
    last.set(tick);
    // After a smaller step back, no schedule waits for so long that a time would count as missed.
    // What this process decided meanwhile may have been locked when another one noticed.
    Instant future = now.plus(config.grace());
    lastTick()
        .filter(noted -> noted.isAfter(future))
        .or(() -> Optional.ofNullable(before).map(Tick::at).filter(at -> at.isAfter(future)))
        .ifPresent(setBack);
    boolean ranOn =
        before != null && Duration.ofNanos(tick.nanos - before.nanos).compareTo(longest()) <= 0;
    sql.statement(NOTICE)
        .with("now", now)
        .with("due", now.minus(WRITTEN_EVERY))
        .with("late", now.minus(longest()))
        .with("clock_jumped", ranOn)
        .first(row -> row.number("id"))
        .ifPresent(id -> forget(now, id));
  }

  private static boolean isClose(Tick before, Tick now) {
    return Duration.between(before.at, now.at).abs().compareTo(WRITTEN_EVERY) < 0
        && now.nanos - before.nanos < WRITTEN_EVERY.toNanos();
  }

  /** The longest time from one noted tick to the next in which no time is missed. */
  private Duration longest() {
    return config.grace().plus(config.tick()).plus(WRITTEN_EVERY);
  }

  private void forget(Instant now, long last) {
    sql.statement(FORGET).with("old", now.minus(KEPT)).with("last", last).update();
  }

  /** The longest standstills that overlap a span, the longest first. */
  List<Standstill> during(Instant from, Instant until) {
    return sql.statement(DURING).with("from", from).with("until", until).list(Standstill.class);
  }

  /** The longest of some standstills, the longest first, that overlaps a span. */
  static Optional<Standstill> longest(List<Standstill> of, Instant from, Instant until) {
    return of.stream()
        .filter(span -> span.from().isBefore(until) && span.until().isAfter(from))
        .findFirst();
  }

  /** When a process last looked for due schedules, to about ten seconds. */
  Optional<Instant> lastTick() {
    return sql.statement(LAST_TICK).first(row -> row.time("at"));
  }
}
