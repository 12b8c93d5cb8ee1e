package dev.errand.tools.mcp.oauth;

import dev.errand.base.database.Outage;
import dev.errand.base.limit.LruCache;
import dev.errand.base.secret.Sha256;
import dev.errand.tools.mcp.oauth.CredentialStore.HeldTokens;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * Provides the tokens of remote servers, and renews them before they expire. One process at a time
 * renews a token, since most servers accept a refresh token once. A token that replaced a refused
 * one, and is refused within a minute, too, is not renewed again.
 */
@ApplicationScoped
public class Credentials {
  private static final Logger LOG = Logger.getLogger(Credentials.class);
  private static final Duration AFTER_A_FAILURE = Duration.ofSeconds(10);
  private static final Duration BETWEEN_TRIES = Duration.ofMinutes(1);
  private static final Duration TO_KEEP = Duration.ofMinutes(1);
  private static final int MOST_REMEMBERED = 1000;

  private final CredentialStore store;
  private final TokenRequests requests;
  private final ClientRegistrations clients;
  private final Clock clock;
  private final LruCache<UUID, Replacement> replacements = new LruCache<>(MOST_REMEMBERED);

  /** The digest of a token that replaced a refused one, and when it did. */
  private record Replacement(String digest, Instant at) {}

  Credentials(
      CredentialStore store, TokenRequests requests, ClientRegistrations clients, Clock clock) {
    this.store = store;
    this.requests = requests;
    this.clients = clients;
    this.clock = clock;
  }

  /**
   * A valid token. One that expires soon is renewed first.
   *
   * @throws CredentialException where there is none
   */
  public String token(UUID installationId, String url, Duration most)
      throws CredentialException, InterruptedException {
    return token(installationId, url, null, most);
  }

  /**
   * Another token than one that the server has refused.
   *
   * @throws CredentialException where there is none
   */
  public String another(UUID installationId, String url, String refused, Duration most)
      throws CredentialException, InterruptedException {
    return token(installationId, url, refused, most);
  }

  private String token(UUID installationId, String url, @Nullable String refused, Duration most)
      throws CredentialException, InterruptedException {
    long end = System.nanoTime() + most.toNanos();
    int looks = 0;
    while (true) {
      Credential credential = required(installationId);
      HeldTokens held =
          store
              .held(credential)
              .orElseThrow(() -> CredentialException.lasting("The server is not connected."));
      if (!held.connection().url().equals(url)) {
        // A change of the address deletes the tokens, so the caller may know the former address.
        throw store.isAt(installationId, url)
            ? CredentialException.lasting(
                "The sign-in is for another address than the server's: connect the server"
                    + " again.")
            : CredentialException.passing("The server has just been changed: try again.");
      }
      Instant now = clock.instant();
      GrantedTokens tokens = held.tokens();
      boolean isRefused = tokens.access().equals(refused);
      if (!isRefused && (!tokens.endSoon(now) || cantRenew(credential, tokens, now))) {
        return tokens.access();
      }
      checkRenewable(credential, isRefused ? tokens.access() : null, now);
      if (store.lease(credential)) {
        String renewed = renew(credential, held, isRefused).access();
        if (isRefused) {
          replacements.put(installationId, new Replacement(Sha256.hex(renewed), now));
        }
        return renewed;
      }
      if (!isRefused && tokens.areGood(now)) {
        return tokens.access();
      }
      if (System.nanoTime() >= end) {
        throw CredentialException.passing("The sign-in is being renewed: try again.");
      }
      // Another thread or process renews it.
      Thread.sleep(Outage.pauseMs(++looks));
    }
  }

  private Credential required(UUID installationId) throws CredentialException {
    return store
        .find(installationId)
        .orElseThrow(() -> CredentialException.lasting("The server no longer uses a sign-in."));
  }

  // The present token is used as long as it is valid, even if its renewal fails.
  private static boolean cantRenew(Credential credential, GrantedTokens tokens, Instant now) {
    return tokens.areGood(now) && (credential.hasFailed() || !credential.hasRefresh());
  }

  private void checkRenewable(Credential credential, @Nullable String refused, Instant now)
      throws CredentialException {
    String failure = credential.failure();
    Instant tried = credential.triedAt();
    if (credential.hasFailed() && failure != null) {
      throw CredentialException.lasting(failure);
    }
    // After a failed renewal, waiting callers do not retry it one after the other.
    if (failure != null && tried != null && now.isBefore(tried.plus(AFTER_A_FAILURE))) {
      throw CredentialException.passing(failure);
    }
    if (refused != null) {
      checkNotRenewedInVain(credential.installationId(), refused, now);
    }
    if (!credential.hasRefresh()) {
      CredentialException why =
          CredentialException.lasting(
              refused != null
                  ? "The server no longer accepts the sign-in, and it can't be renewed: connect"
                      + " the server again."
                  : "The sign-in has ended, and can't be renewed: connect the server again.");
      store.noteFailure(credential, why, null);
      throw why;
    }
  }

  // A server that refuses a token that has just been renewed would refuse the next one, too.
  // The one before may still be refused to calls that have read it before it was replaced.
  private void checkNotRenewedInVain(UUID installationId, String refused, Instant now)
      throws CredentialException {
    Optional<Replacement> last = replacements.find(installationId);
    if (last.isPresent()
        && last.get().digest().equals(Sha256.hex(refused))
        && now.isBefore(last.get().at().plus(BETWEEN_TRIES))) {
      throw CredentialException.passing(
          "The server does not accept the sign-in, although it has just been renewed.");
    }
  }

  // If the caller is cancelled, the request continues, since its answer is given only once.
  private GrantedTokens renew(Credential seen, HeldTokens held, boolean another)
      throws CredentialException, InterruptedException {
    FutureTask<GrantedTokens> renewal = new FutureTask<>(() -> renewed(seen, held));
    Thread.startVirtualThread(renewal);
    try {
      return renewal.get();
    } catch (ExecutionException e) {
      if (e.getCause() instanceof RuntimeException broken) {
        throw broken;
      }
      if (!(e.getCause() instanceof CredentialException why)) {
        throw new IllegalStateException(e.getCause());
      }
      if (another || !held.tokens().areGood(clock.instant())) {
        throw why;
      }
      LOG.warnf(
          "The credential of the installation %s was not renewed: %s",
          seen.installationId(), why.sentence());
      return held.tokens();
    }
  }

  private GrantedTokens renewed(Credential seen, HeldTokens held)
      throws CredentialException, InterruptedException {
    Connection connection = held.connection();
    GrantedTokens renewed;
    try {
      renewed = requests.refresh(connection, held.tokens());
    } catch (CredentialException e) {
      clients.noteRefusal(connection, e);
      CredentialException why = e.withRemedy();
      store.noteFailure(seen, why, e.isFinal() ? null : clock.instant().plus(BETWEEN_TRIES));
      throw why;
    }
    // The tokens are given only once: an outage of the database must not lose them.
    if (!Outage.outlast(TO_KEEP, () -> store.renew(seen, new HeldTokens(connection, renewed)))
        && store.find(seen.installationId()).filter(now -> now.tokensSealed() != null).isEmpty()) {
      // Tokens that arrive after the server was disconnected would otherwise never be revoked.
      requests.revoke(new HeldTokens(connection, renewed));
      throw CredentialException.lasting("The server has just been disconnected.");
    }
    return renewed;
  }

  /**
   * Stores that a call lacked scopes, so that the next connection requests them in addition to the
   * present ones.
   */
  public void lacks(UUID installationId, String scope) {
    store
        .find(installationId)
        .ifPresent(
            credential -> store.noteLack(installationId, union(credential.lackedScope(), scope)));
  }

  /** The scopes of both lists, without repetition. */
  static String union(@Nullable String one, @Nullable String other) {
    Set<String> all = new LinkedHashSet<>();
    for (String scopes : new String[] {one, other}) {
      if (scopes != null) {
        all.addAll(List.of(scopes.strip().split("\\s+")));
      }
    }
    all.remove("");
    return String.join(" ", all);
  }

  /**
   * Claims installations whose tokens are due for renewal; no other process gets them for a while.
   */
  public List<UUID> takeDue(int most) {
    return store.takeDue(most);
  }

  /** Renews the tokens of an installation that was due, unless another process does or has. */
  public void renewDue(UUID installationId) throws InterruptedException {
    try {
      Optional<Credential> credential = store.find(installationId);
      Optional<HeldTokens> held =
          credential.isPresent() ? store.held(credential.get()) : Optional.empty();
      if (held.isPresent() && store.leaseDue(credential.orElseThrow())) {
        GrantedTokens _ = renew(credential.orElseThrow(), held.get(), true);
      }
    } catch (CredentialException e) {
      LOG.warnf(
          "The credential of the installation %s was not renewed: %s",
          installationId, e.sentence());
    }
  }

  /** Notifies callbacks of tokens that end because they were not renewed in time. */
  public void notifyOfEnds() {
    store.notifyOfEnds();
  }

  /** The values of an installation's credential in the audit; empty where it has no tokens. */
  public Map<String, Object> audited(UUID installationId) {
    return store
        .find(installationId)
        .filter(credential -> credential.connectedAt() != null)
        .<Map<String, Object>>map(
            credential ->
                Map.of(
                    "connected", credential.issuer(), "scope", String.valueOf(credential.scope())))
        .orElse(Map.of());
  }

  /** Revokes and deletes the tokens of an installation, if their issuer supports it. */
  public void disconnect(UUID installationId) throws InterruptedException {
    Optional<Credential> credential = store.find(installationId);
    if (credential.isEmpty()) {
      return;
    }
    Optional<HeldTokens> held = Optional.empty();
    try {
      held = store.held(credential.get());
    } catch (CredentialException e) {
      LOG.debugf("The tokens of the installation %s can't be revoked", installationId);
    }
    store.disconnect(installationId);
    if (held.isPresent()) {
      requests.revoke(held.get());
    }
  }
}
