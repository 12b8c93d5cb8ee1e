package dev.errand.identity.account;

import dev.errand.base.database.SqlStatement;
import jakarta.annotation.PreDestroy;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.time.Instant;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.Supplier;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * Records when sessions, tokens and grants were last used, to the minute, and thereby extends the
 * sessions of users who have signed in; no request waits for it.
 */
@Singleton
public class CredentialUses {
  private static final Logger LOG = Logger.getLogger(CredentialUses.class);
  private static final Duration PRECISION = Duration.ofMinutes(1);

  private final Set<UUID> underWay = ConcurrentHashMap.newKeySet();
  private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();

  /**
   * Records a use.
   *
   * @param used makes the statement that records it, where none is recorded since a time {@code
   *     before}
   * @param last the last recorded use; null for none
   */
  public void note(Supplier<SqlStatement> used, UUID id, @Nullable Instant last, Instant now) {
    if ((last == null || !last.isAfter(now.minus(PRECISION))) && underWay.add(id)) {
      try {
        threads.execute(() -> write(used, id, now));
      } catch (RejectedExecutionException e) {
        // The process is stopping.
        underWay.remove(id);
      }
    }
  }

  private void write(Supplier<SqlStatement> used, UUID id, Instant now) {
    try {
      used.get().with("id", id).with("now", now).with("before", now.minus(PRECISION)).run();
    } catch (RuntimeException e) {
      // The next use is recorded instead.
      LOG.debugf("The use of a credential was not recorded: %s", e.getMessage());
    } finally {
      underWay.remove(id);
    }
  }

  @PreDestroy
  void stop() {
    threads.close();
  }
}
