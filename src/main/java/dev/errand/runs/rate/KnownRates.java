package dev.errand.runs.rate;

import dev.errand.base.database.Sql;
import dev.errand.runs.queue.QueueNotifications;
import dev.errand.runs.queue.QueueNotifications.News;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import org.jboss.logging.Logger;

/**
 * What this process knows of rates that no provider gives: those of servers that have refused a
 * request of any process, or said that little is left. While there are none, no request asks for
 * its place.
 */
@Singleton
public class KnownRates {
  private static final Logger LOG = Logger.getLogger(KnownRates.class);

  private final Sql sql;
  private final QueueNotifications notifications;
  private final AtomicLong given = new AtomicLong();
  private volatile Map<RateId, Known> active = Map.of();

  KnownRates(Sql sql, QueueNotifications notifications) {
    this.sql = sql;
    this.notifications = notifications;
  }

  /** Until when it holds, and whether it counts tokens. */
  private record Known(long untilNanos, boolean countsTokens) {}

  /** Called when the rates that providers give may have changed. */
  public void givenChanged() {
    given.incrementAndGet();
  }

  /** How often they may have changed. */
  long givenChanges() {
    return given.get();
  }

  boolean isAny() {
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

  /** Reads what all processes have learned. */
  public void read() {
    long now = System.nanoTime();
    Map<RateId, Known> read = new HashMap<>();
    sql.statement(RateStatements.KNOWN)
        .each(
            row ->
                read.put(
                    new RateId(row.bytes("id")),
                    new Known(
                        now + Duration.ofMillis(row.number("left_ms")).toNanos(),
                        row.flag("counts_tokens"))));
    active = Map.copyOf(read);
  }

  /** The same after this process has learned something: others are told. */
  void changed() {
    read();
    try {
      notifications.publish(News.PAUSES);
    } catch (RuntimeException e) {
      LOG.debugf("Other processes learn of a pause by its refusals: %s", e.getMessage());
    }
  }
}
