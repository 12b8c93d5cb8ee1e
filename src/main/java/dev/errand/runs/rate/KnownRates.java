package dev.errand.runs.rate;

import dev.errand.base.background.WorkMode;
import dev.errand.base.database.Sql;
import dev.errand.runs.queue.QueueNotifications;
import dev.errand.runs.queue.QueueNotifications.News;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.jboss.logging.Logger;

/**
 * What this process knows of rates that no provider gives: those of servers that have refused a
 * request of any process, or said that little is left. While there are none, no request asks for
 * its place.
 */
@Singleton
public class KnownRates {
  private static final Logger LOG = Logger.getLogger(KnownRates.class);
  private static final int MOST = 10_000;
  // Many runs may be refused at once, each with news of its own.
  private static final long BETWEEN_NEWS_NANOS = Duration.ofMillis(100).toNanos();
  private static final long LONGEST_DEAF_NANOS = Duration.ofSeconds(5).toNanos();

  private final Sql sql;
  private final QueueNotifications notifications;
  private final boolean hearsNews;
  private final AtomicLong given = new AtomicLong();
  private volatile Map<RateId, Known> active = Map.of();
  private volatile long readAt = System.nanoTime() - LONGEST_DEAF_NANOS;
  private volatile boolean isBehind;
  private long toldAt = System.nanoTime() - BETWEEN_NEWS_NANOS;

  KnownRates(
      Sql sql,
      QueueNotifications notifications,
      @ConfigProperty(name = "errand.worker.mode", defaultValue = "loop") WorkMode mode) {
    this.sql = sql;
    this.notifications = notifications;
    hearsNews = mode == WorkMode.LOOP;
  }

  /** Until when it holds, and whether it counts tokens. */
  private record Known(long untilNanos, boolean countsTokens) {}

  /**
   * What is learned of the rate of a model.
   *
   * @param left how long requests for it ask for their place
   */
  record Lesson(Duration left, boolean countsTokens) {}

  /** Called when the rates that providers give may have changed. */
  public void givenChanged() {
    given.incrementAndGet();
  }

  /** How often they may have changed. */
  long givenChanges() {
    return given.get();
  }

  /** Whether there are any; a process that hears no news looks for them every few seconds. */
  boolean isAny() {
    if (!hearsNews && System.nanoTime() - readAt >= LONGEST_DEAF_NANOS) {
      try {
        read();
      } catch (RuntimeException e) {
        LOG.debugf("Pauses of other processes were not read: %s", e.getMessage());
      }
    }
    return !active.isEmpty();
  }

  /** Whether requests for a model with a key ask for their place. */
  boolean has(RateId model) {
    Known known = active.get(model);
    return known != null && known.untilNanos - System.nanoTime() > 0;
  }

  boolean countsTokens(RateId model) {
    Known known = active.get(model);
    return known != null && known.countsTokens;
  }

  /**
   * Called when another process may have learned something. After the first news of a moment, the
   * rest is read by the next {@link #refresh}.
   */
  public void heard() {
    if (System.nanoTime() - readAt >= BETWEEN_NEWS_NANOS) {
      read();
    } else {
      isBehind = true;
    }
  }

  /** Reads what all processes have learned, where there may be something. */
  void refresh() {
    if (isBehind || !active.isEmpty()) {
      read();
    }
  }

  private synchronized void read() {
    isBehind = false;
    long now = System.nanoTime();
    readAt = now;
    try {
      active = Map.copyOf(stored(now));
    } catch (RuntimeException e) {
      isBehind = true;
      throw e;
    }
  }

  private Map<RateId, Known> stored(long now) {
    Map<RateId, Known> read = new HashMap<>();
    sql.statement(RateStatements.KNOWN)
        .with("most", MOST)
        .each(
            row ->
                read.put(
                    new RateId(row.bytes("id")),
                    new Known(
                        now + Duration.ofMillis(row.number("left_ms")).toNanos(),
                        row.flag("counts_tokens"))));
    return read;
  }

  /** Notes what this process has learned, and tells the others. */
  void learned(RateId model, Lesson lesson) {
    long now = System.nanoTime();
    boolean isTold;
    synchronized (this) {
      Map<RateId, Known> with = new HashMap<>(active);
      with.put(model, new Known(now + lesson.left().toNanos(), lesson.countsTokens()));
      active = Map.copyOf(with);
      isTold = now - toldAt < BETWEEN_NEWS_NANOS;
      if (!isTold) {
        toldAt = now;
      }
    }
    // Who was told of another one a moment ago reads this one within a second.
    if (!isTold) {
      tell();
    }
  }

  private void tell() {
    try {
      notifications.publish(News.PAUSES);
    } catch (RuntimeException e) {
      LOG.debugf("Other processes learn of a pause by its refusals: %s", e.getMessage());
    }
  }
}
