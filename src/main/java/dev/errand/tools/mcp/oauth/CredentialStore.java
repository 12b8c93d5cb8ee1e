package dev.errand.tools.mcp.oauth;

import dev.errand.base.database.Sql;
import dev.errand.base.database.SqlStatement;
import dev.errand.base.json.Json;
import dev.errand.base.json.WellFormed;
import dev.errand.base.secret.PlainSecret;
import dev.errand.base.secret.SealBrokenException;
import dev.errand.base.secret.Sealed;
import dev.errand.base.secret.SecretBox;
import dev.errand.base.secret.SecretServer;
import dev.errand.base.secret.ServerSecrets;
import dev.errand.tools.mcp.oauth.ClientRegistrations.PresetClient;
import dev.errand.tools.mcp.wire.VisibleText;
import io.quarkus.runtime.annotations.RegisterForReflection;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Event;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/** Stores the credentials of remote servers, with their secrets sealed to their row. */
@ApplicationScoped
public class CredentialStore {
  private static final Logger LOG = Logger.getLogger(CredentialStore.class);
  private static final int MOST_OF_A_FAILURE = 2000;
  private static final Duration LEASE = Duration.ofSeconds(30);
  private static final Duration LEAST_BEFORE_EXPIRY = Duration.ofMinutes(5);

  private final Sql sql;
  private final SecretBox box;
  private final ServerSecrets secrets;
  private final Json json;
  private final Clock clock;
  private final Event<Forgotten> forgotten;

  CredentialStore(
      Sql sql,
      SecretBox box,
      ServerSecrets secrets,
      Json json,
      Clock clock,
      Event<Forgotten> forgotten) {
    this.sql = sql;
    this.box = box;
    this.secrets = secrets;
    this.json = json;
    this.clock = clock;
    this.forgotten = forgotten;
  }

  /** Tokens with their origin. */
  @RegisterForReflection
  record HeldTokens(Connection connection, GrantedTokens tokens) {}

  /** Event: tokens were deleted, because their server was uninstalled or has other settings now. */
  record Forgotten(HeldTokens held) {}

  /** The credential of an installation, if its server uses OAuth. */
  public Optional<Credential> find(UUID installationId) {
    return findAll(List.of(installationId)).stream().findFirst();
  }

  /** The credentials of those installations that have one, in no order. */
  public List<Credential> findAll(Collection<UUID> installationIds) {
    return sql.statement(CredentialStatements.FIND)
        .with("ids", "uuid", installationIds)
        .list(Credential.class);
  }

  /**
   * Stores the issuer and the client; present tokens are deleted.
   *
   * @param pinsNext whether the tools that the server lists at its next connection are pinned
   */
  public void keep(UUID installationId, OAuthSetting setting, boolean pinsNext) {
    fireForgotten(installationId);
    String secret = setting.clientSecret();
    sql.statement(CredentialStatements.KEEP)
        .with("id", installationId)
        .with("issuer", setting.issuer())
        .with("client_id", setting.clientId())
        .with(
            "client_secret_sealed",
            secret == null
                ? null
                : secrets
                    .seal(
                        new PlainSecret(secret),
                        context(installationId, "client-secret"),
                        SecretServer.ofIssuer(setting.issuer()))
                    .bytes())
        .with("asked_scope", setting.scope())
        .with("pins_next", pinsNext)
        .run();
    sql.statement(CredentialStatements.FORGET_FLOWS).with("id", installationId).run();
  }

  public void delete(UUID installationId) {
    fireForgotten(installationId);
    sql.statement(CredentialStatements.DELETE).with("id", installationId).run();
  }

  private void fireForgotten(UUID installationId) {
    try {
      Optional<Credential> credential = find(installationId);
      Optional<HeldTokens> held =
          credential.isPresent() ? held(credential.get()) : Optional.empty();
      held.map(Forgotten::new).ifPresent(forgotten::fire);
    } catch (CredentialException e) {
      LOG.debugf("The tokens of the installation %s can't be revoked", installationId);
    }
  }

  /** The client that was registered by hand; null for none. */
  @Nullable PresetClient byHand(Credential credential) {
    String id = credential.clientId();
    return id == null
        ? null
        : new PresetClient(id, clientSecret(credential), credential.sharesRedirect());
  }

  /** The secret of that client; null for none. */
  public @Nullable String clientSecret(Credential credential) {
    byte @Nullable [] sealed = credential.clientSecretSealed();
    return sealed == null
        ? null
        : secrets
            .open(
                new Sealed(sealed),
                context(credential.installationId(), "client-secret"),
                SecretServer.ofIssuer(credential.issuer()))
            .value();
  }

  /** The tokens; empty where the server is not connected. */
  Optional<HeldTokens> held(Credential credential) throws CredentialException {
    byte @Nullable [] sealed = credential.tokensSealed();
    if (sealed == null) {
      return Optional.empty();
    }
    try {
      String opened =
          box.open(new Sealed(sealed), context(credential.installationId(), "tokens")).value();
      return Optional.of(json.read(opened, HeldTokens.class));
    } catch (SealBrokenException e) {
      throw CredentialException.lasting("The sign-in can't be opened: connect the server again.");
    }
  }

  /**
   * Stores the tokens of a new connection.
   *
   * @return whether the server still has the address for which they were requested
   */
  boolean connect(UUID installationId, UUID accountId, HeldTokens held) {
    return sql.statement(CredentialStatements.CONNECT)
            .with("id", installationId)
            .with("url", held.connection().url())
            .with("issuer", held.connection().issuer())
            .with("tokens_sealed", sealed(installationId, held))
            .with("scope", held.tokens().scope())
            .with("expires_at", held.tokens().expiresAt())
            .with("has_refresh", held.tokens().refresh() != null)
            .with("refresh_at", refreshAt(held.tokens()))
            .with("account_id", accountId)
            .with("now", clock.instant())
            .update()
        == 1;
  }

  /** Whether the server of an installation has an address now. */
  boolean isAt(UUID installationId, String url) {
    return sql.statement(CredentialStatements.IS_AT)
        .with("id", installationId)
        .with("url", url)
        .one(row -> row.flag("is_at"));
  }

  void disconnect(UUID installationId) {
    sql.statement(CredentialStatements.DISCONNECT).with("id", installationId).run();
  }

  /**
   * Reserves the renewal of the tokens for this process for half a minute, and returns whether that
   * succeeded.
   */
  boolean lease(Credential seen) {
    return lease(sql.statement(CredentialStatements.LEASE), seen);
  }

  /** The same for what {@link #takeDue} gave, which a call may have renewed since then. */
  boolean leaseDue(Credential seen) {
    return lease(
        sql.statement(CredentialStatements.LEASE_DUE).with("again", clock.instant().plus(LEASE)),
        seen);
  }

  private boolean lease(SqlStatement statement, Credential seen) {
    return statement
            .with("id", seen.installationId())
            .with("tokens_sealed", seen.tokensSealed())
            .with("until", clock.instant().plus(LEASE))
            .with("now", clock.instant())
            .update()
        == 1;
  }

  /**
   * Stores renewed tokens, unless the server was connected again or disconnected meanwhile.
   *
   * @return whether they were stored
   */
  boolean renew(Credential seen, HeldTokens held) {
    return sql.statement(CredentialStatements.RENEW)
            .with("id", seen.installationId())
            .with("tokens_sealed", seen.tokensSealed())
            .with("now_sealed", sealed(seen.installationId(), held))
            .with("scope", held.tokens().scope())
            .with("expires_at", held.tokens().expiresAt())
            .with("has_refresh", held.tokens().refresh() != null)
            .with("refresh_at", refreshAt(held.tokens()))
            .update()
        == 1;
  }

  /**
   * Stores that a renewal failed, unless the server was connected again meanwhile.
   *
   * @param again when it is retried; null for never
   */
  void noteFailure(Credential seen, CredentialException why, @Nullable Instant again) {
    sql.statement(CredentialStatements.NOTE_FAILURE)
        .with("id", seen.installationId())
        .with("tokens_sealed", seen.tokensSealed())
        .with("failure", WellFormed.cut(VisibleText.of(why.sentence()), MOST_OF_A_FAILURE))
        .with("failed", why.isFinal())
        .with("refresh_at", again)
        .with("now", clock.instant())
        .run();
  }

  /** Stores that the tools of the present server are pinned. */
  public void notePinned(UUID installationId) {
    sql.statement(CredentialStatements.NOTE_PINNED).with("id", installationId).run();
  }

  /** Stores the scopes that a call lacked, which the next connection requests. */
  void noteLack(UUID installationId, String scope) {
    sql.statement(CredentialStatements.NOTE_LACK)
        .with("id", installationId)
        .with("scope", scope)
        .run();
  }

  /** Notifies callbacks of the credentials that end. */
  void notifyOfEnds() {
    sql.statement(CredentialStatements.TELL).with("now", clock.instant()).run();
  }

  /** Claims credentials that are due for renewal; no other process gets them for a while. */
  List<UUID> takeDue(int most) {
    return sql.statement(CredentialStatements.TAKE_DUE)
        .with("now", clock.instant())
        .with("again", clock.instant().plus(LEASE))
        .with("most", most)
        .list(row -> row.id("installation_id"));
  }

  // A fifth of its life before its end, and at least five minutes, so that a token stays valid for
  // a while.
  private @Nullable Instant refreshAt(GrantedTokens tokens) {
    Instant expiry = tokens.expiresAt();
    if (expiry == null || tokens.refresh() == null) {
      return null;
    }
    Duration life = Duration.between(clock.instant(), expiry);
    Duration before = life.dividedBy(5);
    before = before.compareTo(LEAST_BEFORE_EXPIRY) < 0 ? LEAST_BEFORE_EXPIRY : before;
    // A token that lasts a few minutes is renewed after half of its life.
    return before.multipliedBy(2).compareTo(life) > 0
        ? clock.instant().plus(life.dividedBy(2))
        : expiry.minus(before);
  }

  private byte[] sealed(UUID installationId, HeldTokens held) {
    return box.seal(new PlainSecret(json.write(held)), context(installationId, "tokens")).bytes();
  }

  private static String context(UUID installationId, String what) {
    return "mcp-credential/" + installationId + "/" + what;
  }
}
