package dev.errand.identity.oauth;

import dev.errand.base.database.Sql;
import dev.errand.base.secret.ChecksummedText;
import dev.errand.base.secret.Sha256;
import dev.errand.identity.account.Scope;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.transaction.Transactional;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Instant;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Exchanges codes and refresh tokens for tokens. Each can be used once: a second use means that it
 * was stolen, from the client or by it, and ends its grant.
 */
@ApplicationScoped
class TokenExchange {
  private static final ChecksummedText REFRESH = new ChecksummedText("err_rt_");

  private final SecureRandom random = new SecureRandom();
  private final Sql sql;
  private final Clock clock;
  private final OAuthConfig config;
  private final Grants grants;

  TokenExchange(Sql sql, Clock clock, OAuthConfig config, Grants grants) {
    this.sql = sql;
    this.clock = clock;
    this.config = config;
    this.grants = grants;
  }

  /**
   * The parameters that a client sends with a code.
   *
   * @param redirectUri where the code was sent; null where the client does not send it
   * @param resource the endpoint that the client names; null where it names none
   */
  record CodeUse(
      String code,
      @Nullable String redirectUri,
      @Nullable String verifier,
      @Nullable McpAddress resource) {}

  /**
   * Exchanges a code.
   *
   * @throws OAuthException {@code invalid_grant} or {@code invalid_target}
   */
  @Transactional(dontRollbackOn = OAuthException.class)
  TokenAnswer byCode(OAuthClient client, CodeUse use) {
    Instant now = clock.instant();
    HeldGrant grant =
        sql.statement(GrantStatements.HOLD_BY_CODE)
            .with("hash", Sha256.of(use.code))
            .first(HeldGrant::of)
            .filter(held -> held.clientId().equals(client.id()))
            .orElseThrow(() -> refused("The code is unknown, or is another client's."));
    if (grant.codeUsedAt() != null) {
      end(client, grant);
      throw refused("The code was already used, and its grant has ended: request access again.");
    }
    if (!grant.codeExpiresAt().isAfter(now)) {
      throw refused("The code has expired: request access again.");
    }
    if (use.redirectUri != null && !use.redirectUri.equals(grant.redirectUri())) {
      throw refused("The code was sent to another redirect_uri.");
    }
    if (!Pkce.matches(use.verifier, grant.challenge())) {
      throw refused("code_verifier is missing, or does not match the code's challenge.");
    }
    checkTarget(grant, use.resource);
    sql.statement(GrantStatements.USE_CODE).with("id", grant.id()).with("now", now).run();
    return issue(grant, grant.scopes(), now);
  }

  /**
   * Exchanges a refresh token.
   *
   * @param scope the scopes that the access token is to have, of those that were granted; null for
   *     all
   * @param resource the endpoint that the client names; null where it names none
   * @throws OAuthException {@code invalid_grant}, {@code invalid_scope} or {@code invalid_target}
   */
  @Transactional(dontRollbackOn = OAuthException.class)
  TokenAnswer byRefresh(
      OAuthClient client, String token, @Nullable String scope, @Nullable McpAddress resource) {
    Instant now = clock.instant();
    byte[] hash = Sha256.of(token);
    HeldGrant grant =
        hold(hash, "refresh")
            .filter(held -> held.clientId().equals(client.id()))
            .orElseThrow(() -> refused("The refresh token is unknown, or is another client's."));
    checkTarget(grant, resource);
    Set<Scope> scopes = scope == null ? grant.scopes() : fewer(grant, scope);
    int used =
        sql.statement(GrantStatements.USE_REFRESH).with("hash", hash).with("now", now).update();
    if (used == 0) {
      if (sql.statement(GrantStatements.IS_USED).with("hash", hash).exists()) {
        end(client, grant);
        throw refused(
            "The refresh token was already used, and its grant has ended: request access again.");
      }
      throw refused("The refresh token has expired: request access again.");
    }
    return issue(grant, scopes, now);
  }

  /**
   * Revokes a token: a refresh token with its grant, an access token alone. An unknown token is
   * ignored.
   *
   * @throws OAuthException where it is another client's
   */
  @Transactional(dontRollbackOn = OAuthException.class)
  void revoke(OAuthClient client, String token) {
    byte[] hash = Sha256.of(token);
    Optional<HeldGrant> byRefresh = hold(hash, "refresh");
    HeldGrant grant = byRefresh.or(() -> hold(hash, "access")).orElse(null);
    if (grant == null) {
      return;
    }
    if (!grant.clientId().equals(client.id())) {
      throw refused("The token is another client's.");
    }
    if (byRefresh.isPresent()) {
      end(client, grant);
    } else {
      sql.statement(GrantStatements.DELETE_TOKEN).with("hash", hash).run();
    }
  }

  private Optional<HeldGrant> hold(byte[] hash, String kind) {
    return sql.statement(GrantStatements.HOLD_BY_TOKEN)
        .with("hash", hash)
        .with("kind", kind)
        .first(HeldGrant::of);
  }

  private void end(OAuthClient client, HeldGrant grant) {
    grants.end(grant.user().byClient(client.auditLabel()), grant.id());
  }

  private static void checkTarget(HeldGrant grant, @Nullable McpAddress resource) {
    if (resource != null && !resource.path().equals(grant.resource())) {
      throw OAuthException.of("invalid_target", "The grant is only for " + grant.resource() + ".");
    }
  }

  private static Set<Scope> fewer(HeldGrant grant, String scope) {
    Set<Scope> scopes = OAuthScopes.of(scope);
    if (scopes.isEmpty() || !grant.scopes().containsAll(scopes)) {
      throw OAuthException.of(
          "invalid_scope",
          "The grant only has the scopes `" + OAuthScopes.text(grant.scopes()) + "`.");
    }
    return scopes;
  }

  private TokenAnswer issue(HeldGrant grant, Set<Scope> scopes, Instant now) {
    Instant end = now.plus(config.refreshToken());
    sql.statement(GrantStatements.DELETE_OLD_TOKENS)
        .with("grant_id", grant.id())
        .with("now", now)
        .run();
    sql.statement(GrantStatements.EXTEND).with("id", grant.id()).with("expires_at", end).run();
    String access = AccessTokens.random(random);
    add(grant, access, "access", scopes, now.plus(config.accessToken()));
    String refresh = REFRESH.random(random);
    add(grant, refresh, "refresh", grant.scopes(), end);
    return new TokenAnswer(
        access, "Bearer", config.accessToken().toSeconds(), refresh, OAuthScopes.text(scopes));
  }

  private void add(
      HeldGrant grant, String token, String kind, Set<Scope> scopes, Instant expiresAt) {
    sql.statement(GrantStatements.ADD_TOKEN)
        .with("hash", Sha256.of(token))
        .with("grant_id", grant.id())
        .with("kind", kind)
        .with("scopes", "text", scopes.stream().map(Scope::code).sorted().toList())
        .with("expires_at", expiresAt)
        .run();
  }

  private static OAuthException refused(String detail) {
    return OAuthException.of("invalid_grant", detail);
  }
}
