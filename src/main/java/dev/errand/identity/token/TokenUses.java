package dev.errand.identity.token;

import dev.errand.base.database.Sql;
import jakarta.annotation.PreDestroy;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Duration;
import java.time.Instant;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/** Writes down when tokens were last used, to the minute; no request waits for it. */
@ApplicationScoped
class TokenUses {
  private static final Logger LOG = Logger.getLogger(TokenUses.class);
  private static final Duration PRECISION = Duration.ofMinutes(1);

  private final Sql sql;
  private final Set<UUID> underWay = ConcurrentHashMap.newKeySet();
  private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();

  TokenUses(Sql sql) {
    this.sql = sql;
  }

  /**
   * Notes a use.
   *
   * @param last the last use that was written down; null for none
   */
  void note(UUID id, @Nullable Instant last, Instant now) {
    if ((last == null || !last.isAfter(now.minus(PRECISION))) && underWay.add(id)) {
      try {
        threads.execute(() -> write(id, now));
      } catch (RejectedExecutionException e) {
        // The process is stopping.
        underWay.remove(id);
      }
    }
  }

  private void write(UUID id, Instant now) {
    try {
      sql.statement(TokenStatements.USED)
          .with("id", id)
          .with("now", now)
          .with("before", now.minus(PRECISION))
          .run();
    } catch (RuntimeException e) {
      LOG.debugf("The use of a token was not written down: %s", e.getMessage());
    } finally {
      underWay.remove(id);
    }
  }

  @PreDestroy
  void stop() {
    threads.close();
  }
}
