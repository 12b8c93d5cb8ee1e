package dev.errand.account;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.persistence.EntityManager;
import jakarta.transaction.Transactional;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.Optional;
import java.util.UUID;

/** Makes sessions and recognises them. */
@ApplicationScoped
public class Sessions {
  /** The fewest characters of a session that the operator chooses. */
  public static final int SHORTEST = 32;

  private static final Duration DEV_LIFE = Duration.ofDays(30);

  private final SecureRandom random = new SecureRandom();
  private final EntityManager entities;
  private final Clock clock;

  Sessions(EntityManager entities, Clock clock) {
    this.entities = entities;
    this.clock = clock;
  }

  /** The user whose session has this token, if it is one and has not ended. */
  @Transactional
  public Optional<Caller> callerOf(String token) {
    return entities
        .createQuery(
            "select u.id, u.username from Session s join s.user u where s.tokenHash = :hash and"
                + " (s.expiresAt is null or s.expiresAt > :now)",
            Object[].class)
        .setParameter("hash", hash(token))
        .setParameter("now", clock.instant())
        .getResultStream()
        .findFirst()
        .map(row -> new Caller((UUID) row[0], (String) row[1]));
  }

  /** A fresh session for development, good for 30 days; its token is told this once. */
  @Transactional
  public String mintForDev(User user) {
    byte[] bytes = new byte[32];
    random.nextBytes(bytes);
    String token = Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
    persist(user, token, "dev", clock.instant().plus(DEV_LIFE));
    return token;
  }

  /**
   * Makes the operator's own token the one bootstrap session, which never ends; a former one, which
   * the operator has thereby withdrawn, ends.
   *
   * @throws IllegalArgumentException when it has fewer than {@value #SHORTEST} characters
   */
  @Transactional
  public void bootstrap(User user, String token) {
    if (token.length() < SHORTEST) {
      throw new IllegalArgumentException(
          "ERRAND_BOOTSTRAP_SESSION has fewer than "
              + SHORTEST
              + " characters: make one with `openssl rand -hex 32`.");
    }
    Session.delete("kind = 'bootstrap' and tokenHash <> ?1", (Object) hash(token));
    entities
        .createNativeQuery(
            "INSERT INTO session (token_hash, account_id, kind) VALUES (?1, ?2, 'bootstrap') ON"
                + " CONFLICT (token_hash) DO UPDATE SET kind = 'bootstrap', expires_at = NULL")
        .setParameter(1, hash(token))
        .setParameter(2, user.id)
        .executeUpdate();
  }

  /** Ends every bootstrap session: the operator sets none any more. */
  @Transactional
  public void endBootstrap() {
    Session.delete("kind", "bootstrap");
  }

  private void persist(User user, String token, String kind, Instant expiresAt) {
    Session session = new Session();
    session.tokenHash = hash(token);
    session.user = user;
    session.kind = kind;
    session.createdAt = clock.instant();
    session.expiresAt = expiresAt;
    session.persist();
  }

  // A token has 256 bits of its own: a slow hash would add nothing but a way to stall the server.
  private static byte[] hash(String token) {
    try {
      return MessageDigest.getInstance("SHA-256").digest(token.getBytes(StandardCharsets.UTF_8));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }
}
