package dev.errand.runs.live;

import dev.errand.base.database.Sql;
import dev.errand.runs.history.EntryPages;
import dev.errand.runs.queue.RunDelta;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.Set;
import javax.sql.DataSource;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;
import org.postgresql.PGConnection;
import org.postgresql.PGNotification;

/**
 * Polls the watched runs for changes that other processes made, on one connection for all watchers
 * and only while there are any. The same connection receives the text that models write in runs of
 * other processes.
 */
final class RunChangePoller {
  private static final Logger LOG = Logger.getLogger(RunChangePoller.class);
  private static final Duration LINGER = Duration.ofSeconds(10);
  private static final Duration AFTER_FAILURE = Duration.ofSeconds(1);

  private final RunWatchers watchers;
  private final DataSource database;
  private final Duration poll;
  private @Nullable Thread thread;
  private boolean closed;

  RunChangePoller(RunWatchers watchers, DataSource database, Duration poll) {
    this.watchers = watchers;
    this.database = database;
    this.poll = poll;
  }

  synchronized void open() {
    if (thread == null && !closed) {
      thread = Thread.ofPlatform().daemon().name("run-poller").start(this::poll);
    }
  }

  void close() throws InterruptedException {
    Thread polling;
    synchronized (this) {
      closed = true;
      polling = thread;
    }
    if (polling != null) {
      polling.interrupt();
      polling.join();
    }
  }

  private synchronized boolean isClosed() {
    return closed;
  }

  private void poll() {
    do {
      try {
        pollOnOneConnection();
      } catch (SQLException | RuntimeException | Error e) {
        LOG.debugf("Watched runs could not be polled; trying again: %s", e.getMessage());
        pause();
      }
    } while (!leave());
  }

  private synchronized boolean leave() {
    if (closed || watchers.watched().isEmpty()) {
      thread = null;
      return true;
    }
    return false;
  }

  private void pollOnOneConnection() throws SQLException {
    try (Connection connection = database.getConnection();
        Statement listen = connection.createStatement()) {
      listen.execute("LISTEN " + DeltaPublisher.CHANNEL);
      Sql sql = Sql.on(connection);
      PGConnection listening = connection.unwrap(PGConnection.class);
      long lastWatched = System.nanoTime();
      long nextPoll = lastWatched;
      while (!isClosed()) {
        long now = System.nanoTime();
        if (now - nextPoll >= 0) {
          nextPoll = now + poll.toNanos();
          Set<Long> watched = Set.copyOf(watchers.watched());
          if (!watched.isEmpty()) {
            lastWatched = now;
            watchers.seen(watched, EntryPages.states(sql, watched));
          } else if (now - lastWatched > LINGER.toNanos()) {
            break;
          }
        }
        long wait = Math.max(1, (nextPoll - System.nanoTime()) / 1_000_000);
        for (PGNotification notification : listening.getNotifications((int) wait)) {
          RunDelta.of(notification.getParameter(), watchers.origin()).ifPresent(watchers::received);
        }
      }
      listen.execute("UNLISTEN " + DeltaPublisher.CHANNEL);
    }
  }

  private void pause() {
    try {
      Thread.sleep(AFTER_FAILURE);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
