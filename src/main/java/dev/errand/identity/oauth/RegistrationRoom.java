package dev.errand.identity.oauth;

import jakarta.enterprise.context.ApplicationScoped;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.locks.ReentrantLock;

/**
 * The room for clients that register themselves. Nobody is kept out by registrations that are not
 * used: of these, each network has a share, and where there is no room, some of them make it.
 */
@ApplicationScoped
class RegistrationRoom {
  /** How many networks can fill it at least. */
  static final int SHARES = 20;

  // How long a client has for its first grant before others may take its place.
  private static final Duration GRACE = Duration.ofHours(1);
  // A look at all clients takes long, and hundreds may register in a second.
  private static final Duration LOOK = Duration.ofSeconds(1);
  private static final int BATCHES = 100;

  private final ClientStore clients;
  private final OAuthConfig config;
  private final Clock clock;
  private final ReentrantLock making = new ReentrantLock();

  private Instant looked = Instant.EPOCH;
  private long known;

  RegistrationRoom(ClientStore clients, OAuthConfig config, Clock clock) {
    this.clients = clients;
    this.config = config;
    this.clock = clock;
  }

  /** Takes room for one client, part of a transaction that stores it. False for none. */
  boolean take() {
    int most = config.registeredClients();
    if (isLookDue()) {
      clients.removeUnused();
      clients.removeBeyondShares(Math.max(1, most / SHARES));
      know(clients.countRegistered(most));
    }
    // While one makes room, others need not: it is enough for them.
    if (add(1) <= most || !making.tryLock()) {
      return true;
    }
    try {
      int removed = clients.makeRoom(GRACE, Math.max(1, most / BATCHES));
      add(removed == 0 ? -1 : -removed);
      return removed > 0;
    } finally {
      making.unlock();
    }
  }

  /** Has the next registration look at all clients, which otherwise is once a second. */
  synchronized void lookAgain() {
    looked = Instant.EPOCH;
  }

  private synchronized boolean isLookDue() {
    Instant now = clock.instant();
    if (now.isBefore(looked.plus(LOOK)) && !now.isBefore(looked)) {
      return false;
    }
    looked = now;
    return true;
  }

  private synchronized void know(long clients) {
    known = clients;
  }

  private synchronized long add(long clients) {
    known += clients;
    return known;
  }
}
