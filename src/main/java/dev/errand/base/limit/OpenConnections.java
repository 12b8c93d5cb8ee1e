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
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Collectors;
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

  /** How often it is looked while as many bytes are written as clients may leave. */
  private static final int LOOKS = 8;

  private static final long SECOND = Duration.ofSeconds(1).toNanos();
  private static final long MINUTE = Duration.ofMinutes(1).toNanos();

  private final int most;
  private final long mostUnsent;
  private final AtomicLong sent = new AtomicLong();
  private final AtomicBoolean isLooking = new AtomicBoolean();
  private final Set<ConnectionGuard> open = ConcurrentHashMap.newKeySet();
  private long checked = System.nanoTime() - SECOND;
  private long warned = System.nanoTime() - MINUTE;
  private long warnedOfUnsent = warned;

  /**
   * No connections.
   *
   * @param most how many there may be
   * @param mostUnsent how many bytes of answers their clients may leave together
   */
  OpenConnections(int most, long mostUnsent) {
    this.most = most;
    this.mostUnsent = mostUnsent;
  }

  private record Waiting(ConnectionGuard connection, long nanos) {}

  /** A connection whose client has not taken all, since the time of its last request. */
  private record Unsent(ConnectionGuard connection, long bytes, long since) {
    private String network() {
      return connection.network();
    }
  }

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

  /**
   * Is told of bytes that a connection has written. Now and then it looks how many of all clients
   * have not taken; where these are too many, connections are closed with theirs: of the network
   * that leaves most, those whose last request is the oldest.
   */
  void sends(long bytes) {
    if (sent.addAndGet(bytes) > mostUnsent / LOOKS && isLooking.compareAndSet(false, true)) {
      try {
        sent.set(0);
        dropUnsent();
      } finally {
        isLooking.set(false);
      }
    }
  }

  private void dropUnsent() {
    List<Unsent> all =
        open.stream()
            .map(connection -> new Unsent(connection, connection.unsentBytes(), connection.since()))
            .filter(unsent -> unsent.bytes > 0)
            .sorted(Comparator.comparingLong(Unsent::since))
            .toList();
    long left = all.stream().mapToLong(Unsent::bytes).sum();
    if (left <= mostUnsent) {
      return;
    }
    Map<String, Long> byNetwork =
        all.stream()
            .collect(Collectors.groupingBy(Unsent::network, Collectors.summingLong(Unsent::bytes)));
    int closed = 0;
    for (String network :
        byNetwork.keySet().stream()
            .sorted(Comparator.comparing(byNetwork::get).reversed())
            .toList()) {
      for (Unsent unsent : all) {
        if (left > mostUnsent / 2 && unsent.network().equals(network)) {
          unsent.connection.drop();
          left -= unsent.bytes;
          closed++;
        }
      }
    }
    long now = System.nanoTime();
    if (now - warnedOfUnsent >= MINUTE) {
      warnedOfUnsent = now;
      LOG.warnf(
          "%d connections were closed: clients left more than %d bytes of answers unread.",
          closed, mostUnsent);
    }
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
