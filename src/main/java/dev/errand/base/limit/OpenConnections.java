package dev.errand.base.limit;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.PriorityQueue;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jboss.logging.Logger;

/**
 * The open connections of the HTTP server, up to a number. When it is reached, those that wait for
 * their client are closed for new ones: of the network that has most of them, the one that has
 * waited longest.
 */
final class OpenConnections {
  private static final Logger LOG = Logger.getLogger(OpenConnections.class);

  /** This part of the places is freed at once, since it takes time to find the right ones. */
  private static final int BATCH = 64;

  private static final long SECOND = Duration.ofSeconds(1).toNanos();
  private static final long MINUTE = Duration.ofMinutes(1).toNanos();

  private final int most;
  private final Set<ConnectionGuard> open = ConcurrentHashMap.newKeySet();
  private long checked = System.nanoTime() - SECOND;
  private long warned = System.nanoTime() - MINUTE;

  OpenConnections(int most) {
    this.most = most;
  }

  private record Waiting(ConnectionGuard connection, long nanos) {}

  /**
   * Adds a new connection, for which others may be closed.
   *
   * @return false where all the others are being answered
   */
  boolean add(ConnectionGuard connection) {
    // Those that turn out not to wait come back, and leave no room.
    return (open.size() < most || (makeRoom() && open.size() < most)) && open.add(connection);
  }

  /** Removes a connection that has been closed. */
  void remove(ConnectionGuard connection) {
    open.remove(connection);
  }

  private synchronized boolean makeRoom() {
    PriorityQueue<Deque<Waiting>> networks = waiting();
    boolean found = !networks.isEmpty();
    for (int i = 0; i < Math.max(1, most / BATCH) && !networks.isEmpty(); i++) {
      Deque<Waiting> largest = networks.remove();
      ConnectionGuard connection = largest.remove().connection;
      // Its place is free from now on, unless a request has just arrived on it.
      open.remove(connection);
      connection.close(() -> open.add(connection));
      if (!largest.isEmpty()) {
        networks.add(largest);
      }
    }
    long now = System.nanoTime();
    if (!found && now - checked >= SECOND) {
      checked = now;
      // Clients that take no more of their answers are found by the second look.
      open.forEach(ConnectionGuard::checkProgress);
    }
    if (now - warned >= MINUTE) {
      warned = now;
      warn(found);
    }
    return found;
  }

  /** The connections that wait, longest first, by network, largest first. */
  private PriorityQueue<Deque<Waiting>> waiting() {
    long now = System.nanoTime();
    List<Waiting> all = new ArrayList<>();
    for (ConnectionGuard connection : open) {
      long nanos = connection.waiting(now);
      if (nanos >= 0) {
        all.add(new Waiting(connection, nanos));
      }
    }
    all.sort(Comparator.comparingLong(Waiting::nanos).reversed());
    Map<String, Deque<Waiting>> byNetwork = new HashMap<>();
    for (Waiting one : all) {
      byNetwork.computeIfAbsent(one.connection.network(), _ -> new ArrayDeque<>()).add(one);
    }
    PriorityQueue<Deque<Waiting>> networks =
        new PriorityQueue<>(
            Comparator.<Deque<Waiting>>comparingInt(Deque::size)
                .thenComparingLong(network -> network.element().nanos)
                .reversed());
    networks.addAll(byNetwork.values());
    return networks;
  }

  private void warn(boolean found) {
    LOG.warnf(
        "%d connections are open, as many as ERRAND_HTTP_MAX_CONNECTIONS allows: %s.",
        most,
        found
            ? "those that wait for their client are closed for new ones"
            : "new ones are refused, since all of them are being answered");
  }
}
