package dev.errand.tools.install.remote;

import dev.errand.base.error.Reason;
import dev.errand.tools.mcp.RemoteServerStore;
import dev.errand.tools.mcp.oauth.Credentials;
import dev.errand.tools.mcp.pin.ToolSets;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Duration;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import org.jboss.logging.Logger;

/**
 * Asks servers that are due whether their tools have changed. A server is taken by one process at a
 * time; some are asked at once.
 */
@ApplicationScoped
public class RemoteCheckJob {
  private static final Logger LOG = Logger.getLogger(RemoteCheckJob.class);
  private static final int AT_ONCE = 8;
  private static final Duration SHORTEST = Duration.ofSeconds(5);

  private final RemoteChecks checks;
  private final RemoteServerStore store;
  private final ToolSets sets;
  private final Credentials credentials;

  RemoteCheckJob(
      RemoteChecks checks, RemoteServerStore store, ToolSets sets, Credentials credentials) {
    this.checks = checks;
    this.store = store;
    this.sets = sets;
    this.credentials = credentials;
  }

  /** Renews credentials that expire soon. */
  public void renew(Duration most) throws InterruptedException {
    credentials.renewDue(most);
  }

  /**
   * Asks the servers that are due. In its second half none is asked any more, nor where less than
   * five seconds are left, so that each has some time to answer.
   *
   * @param most how long all of it may take
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
      ask(due, Duration.ofNanos(left));
    }
    sets.forget();
  }

  private void ask(List<UUID> due, Duration most) throws InterruptedException {
    ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
    try {
      due.forEach(id -> threads.execute(() -> ask(id, most)));
      threads.shutdown();
      while (!threads.awaitTermination(1, TimeUnit.MINUTES)) {
        // Each asks for a bounded time.
      }
    } finally {
      threads.shutdownNow();
    }
  }

  private void ask(UUID installationId, Duration most) {
    try {
      var server = checks.find(installationId);
      if (server.isPresent()) {
        checks.check(server.get(), most);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } catch (RuntimeException e) {
      LOG.warnf(
          "The installation %s could not be checked, and is later: %s",
          installationId, Reason.of(e));
    }
  }
}
