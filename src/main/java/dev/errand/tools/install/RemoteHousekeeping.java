package dev.errand.tools.install;

import dev.errand.base.error.Reason;
import dev.errand.tools.mcp.RemoteServerStore;
import dev.errand.tools.mcp.ToolSets;
import dev.errand.tools.mcp.oauth.Credentials;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Duration;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import org.jboss.logging.Logger;

/**
 * Renews the credentials of remote servers before they expire, and checks whether the tools of due
 * servers have changed. One process at a time checks a server; several are checked concurrently.
 */
@ApplicationScoped
public class RemoteHousekeeping {
  private static final Logger LOG = Logger.getLogger(RemoteHousekeeping.class);
  private static final int AT_ONCE = 8;
  private static final Duration SHORTEST = Duration.ofSeconds(5);

  private final RemoteChecks checks;
  private final RemoteServerStore store;
  private final ToolSets sets;
  private final Credentials credentials;

  RemoteHousekeeping(
      RemoteChecks checks, RemoteServerStore store, ToolSets sets, Credentials credentials) {
    this.checks = checks;
    this.store = store;
    this.sets = sets;
    this.credentials = credentials;
  }

  /**
   * Renews credentials that expire soon, several concurrently, and notifies callbacks of those that
   * end.
   *
   * @param most the time limit; after half of it, no renewal is started
   */
  public void renew(Duration most) throws InterruptedException {
    long end = System.nanoTime() + most.dividedBy(2).toNanos();
    int taken = AT_ONCE;
    while (taken == AT_ONCE && System.nanoTime() < end) {
      List<UUID> due = credentials.takeDue(AT_ONCE);
      taken = due.size();
      atOnce(due, credentials::renewDue);
    }
    credentials.notifyOfEnds();
  }

  /**
   * Checks the servers that are due. In the second half of the time, and in its last five seconds,
   * no check is started, so that each server has some time to answer.
   */
  public void runOnce(Duration most) throws InterruptedException {
    long end = System.nanoTime() + most.toNanos();
    long needed = Math.max(most.dividedBy(2).toNanos(), SHORTEST.toNanos());
    int taken = AT_ONCE;
    for (long left = most.toNanos();
        taken == AT_ONCE && left >= needed;
        left = end - System.nanoTime()) {
      List<UUID> due = store.takeDue(AT_ONCE);
      taken = due.size();
      Duration rest = Duration.ofNanos(left);
      atOnce(due, id -> ask(id, rest));
    }
    sets.forget();
  }

  private interface Work {
    void on(UUID installationId) throws InterruptedException;
  }

  private static void atOnce(List<UUID> due, Work work) throws InterruptedException {
    ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
    try {
      due.forEach(id -> threads.execute(() -> done(id, work)));
      threads.shutdown();
      while (!threads.awaitTermination(1, TimeUnit.MINUTES)) {
        // Each takes a limited time.
      }
    } finally {
      threads.shutdownNow();
    }
  }

  private static void done(UUID installationId, Work work) {
    try {
      work.on(installationId);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } catch (RuntimeException e) {
      LOG.warnf(
          "The installation %s could not be checked, and will be checked later: %s",
          installationId, Reason.of(e));
    }
  }

  private void ask(UUID installationId, Duration most) throws InterruptedException {
    var server = checks.find(installationId);
    if (server.isPresent()) {
      checks.check(server.get(), most);
    }
  }
}
