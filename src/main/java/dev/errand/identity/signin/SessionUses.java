package dev.errand.identity.signin;

import dev.errand.base.database.Sql;
import jakarta.enterprise.context.ApplicationScoped;
import java.nio.ByteBuffer;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jboss.logging.Logger;

/**
 * Records when sessions are used, at most once a minute for each, beside the requests that use
 * them.
 */
@ApplicationScoped
public class SessionUses {
  private static final Logger LOG = Logger.getLogger(SessionUses.class);
  private static final Duration EVERY = Duration.ofMinutes(1);
  private static final int MOST_KNOWN = 10_000;

  private final Sql sql;
  private final Clock clock;
  private final SessionConfig config;
  private final Map<ByteBuffer, Long> written = new ConcurrentHashMap<>();

  SessionUses(Sql sql, Clock clock, SessionConfig config) {
    this.sql = sql;
    this.clock = clock;
    this.config = config;
  }

  /**
   * Records a use, without waiting for it.
   *
   * @param tokenHash the hash of the session's token
   */
  public void used(byte[] tokenHash) {
    ByteBuffer session = ByteBuffer.wrap(tokenHash);
    long now = System.nanoTime();
    Long last = written.get(session);
    if (last != null && now - last < EVERY.toNanos()) {
      return;
    }
    if (written.size() >= MOST_KNOWN) {
      written.clear();
    }
    written.put(session, now);
    Thread.ofVirtual().name("session-use").start(() -> write(tokenHash));
  }

  private void write(byte[] tokenHash) {
    Instant now = clock.instant();
    try {
      sql.statement(SessionStatements.USED)
          .with("token_hash", tokenHash)
          .with("now", now)
          .with("idle_end", now.plus(config.idle()))
          .with("before", now.minus(EVERY))
          .update();
    } catch (RuntimeException e) {
      // The next use is recorded instead.
      LOG.debugf("The use of a session was not recorded: %s", e.getMessage());
    }
  }
}
