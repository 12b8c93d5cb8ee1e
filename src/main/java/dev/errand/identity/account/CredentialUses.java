package dev.errand.identity.account;

import dev.errand.base.database.Sql;
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

  // Sessions for which nobody signed in have no ends_at, and keep their expiry.
  private static final String SESSION_USED =
      """
      UPDATE session SET last_used_at = :now,
        expires_at = CASE WHEN ends_at IS NULL THEN expires_at ELSE least(ends_at, :idle_end) END
      WHERE id = :id AND (expires_at IS NULL OR expires_at > :now)
        AND (last_used_at IS NULL OR last_used_at <= :before)
      """;

  private static final String TOKEN_USED =
      """
      UPDATE token SET last_used_at = :now
      WHERE id = :id AND (last_used_at IS NULL OR last_used_at <= :before)
      """;

  private static final String GRANT_USED =
      """
      UPDATE oauth_grant SET last_used_at = :now
      WHERE id = :id AND (last_used_at IS NULL OR last_used_at <= :before)
      """;

  private final Sql sql;
  private final SessionConfig config;
  private final Set<UUID> underWay = ConcurrentHashMap.newKeySet();
  private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();

  CredentialUses(Sql sql, SessionConfig config) {
    this.sql = sql;
    this.config = config;
  }

  /** A kind of credential. */
  public enum Kind {
    /** A session. */
    SESSION,
    /** A token. */
    TOKEN,
    /** A grant of a user to a client, used by an access token. */
    GRANT
  }

  /**
   * Records a use.
   *
   * @param last the last recorded use; null for none
   */
  public void note(Kind kind, UUID id, @Nullable Instant last, Instant now) {
    if ((last == null || !last.isAfter(now.minus(PRECISION))) && underWay.add(id)) {
      try {
        threads.execute(() -> write(kind, id, now));
      } catch (RejectedExecutionException e) {
        // The process is stopping.
        underWay.remove(id);
      }
    }
  }

  private void write(Kind kind, UUID id, Instant now) {
    try {
      statement(kind, now)
          .with("id", id)
          .with("now", now)
          .with("before", now.minus(PRECISION))
          .run();
    } catch (RuntimeException e) {
      // The next use is recorded instead.
      LOG.debugf("The use of a %s was not recorded: %s", kind, e.getMessage());
    } finally {
      underWay.remove(id);
    }
  }

  private SqlStatement statement(Kind kind, Instant now) {
    return switch (kind) {
      case SESSION -> sql.statement(SESSION_USED).with("idle_end", now.plus(config.idle()));
      case TOKEN -> sql.statement(TOKEN_USED);
      case GRANT -> sql.statement(GRANT_USED);
    };
  }

  @PreDestroy
  void stop() {
    threads.close();
  }
}
