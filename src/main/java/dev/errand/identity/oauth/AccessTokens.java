package dev.errand.identity.oauth;

import dev.errand.base.database.Row;
import dev.errand.base.database.Sql;
import dev.errand.base.error.ApiException;
import dev.errand.base.error.ErrorCode;
import dev.errand.base.secret.ChecksummedText;
import dev.errand.base.secret.Sha256;
import dev.errand.identity.account.Caller;
import dev.errand.identity.account.CredentialUses;
import dev.errand.identity.account.CurrentCaller;
import dev.errand.identity.account.Rights;
import dev.errand.identity.account.Scope;
import jakarta.enterprise.context.ApplicationScoped;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Instant;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Collectors;

/** Recognises access tokens, each of which is valid at one MCP endpoint only. */
@ApplicationScoped
public class AccessTokens {
  private static final ChecksummedText FORM = new ChecksummedText("err_at_");

  private final Sql sql;
  private final Clock clock;
  private final CredentialUses uses;
  private final OAuthConfig config;

  AccessTokens(Sql sql, Clock clock, CredentialUses uses, OAuthConfig config) {
    this.sql = sql;
    this.clock = clock;
    this.uses = uses;
    this.config = config;
  }

  /** Generates the text of an access token. */
  static String random(SecureRandom random) {
    return FORM.random(random);
  }

  /** Whether a credential has the form of an access token. */
  public static boolean isAccessToken(String credential) {
    return FORM.matches(credential);
  }

  /**
   * The user who granted an access token, with the rights of the token. The token's id in these
   * rights is that of the grant.
   *
   * @param path the path of the request, as it was sent
   * @throws ApiException {@link ErrorCode#UNAUTHENTICATED} when the token is unknown, has expired,
   *     or is for another address, or where another server issues the tokens
   */
  public Caller callerOf(String token, String path) {
    if (config.issuer().isPresent()) {
      throw CurrentCaller.unauthenticated(
          "This service now uses access tokens of another server: connect again.");
    }
    if (!FORM.isWhole(token)) {
      throw CurrentCaller.unauthenticated(
          "The token's checksum is wrong: it was not copied completely.");
    }
    return sql.statement(GrantStatements.CALLER)
        .with("token_hash", Sha256.of(token))
        .first(row -> caller(row, path))
        .orElseThrow(
            () ->
                CurrentCaller.unauthenticated(
                    "The access token is unknown, or its grant has ended."));
  }

  private Caller caller(Row row, String path) {
    Instant now = clock.instant();
    Instant expiresAt = row.time("expires_at");
    if (!expiresAt.isAfter(now)) {
      throw CurrentCaller.unauthenticated(
          "The access token has expired, at " + expiresAt + ": refresh it.");
    }
    String resource = row.text("resource");
    if (McpAddress.ofPath(path).filter(at -> at.path().equals(resource)).isEmpty()) {
      throw CurrentCaller.unauthenticated(
          "This access token is for " + resource + " and is not accepted elsewhere.");
    }
    UUID grant = row.id("grant_id");
    uses.note(
        () -> sql.statement(GrantStatements.USED), grant, row.timeOrNull("last_used_at"), now);
    Set<Scope> scopes = row.texts("scopes").stream().map(Scope::of).collect(Collectors.toSet());
    Set<UUID> profiles =
        row.texts("profiles").stream().map(UUID::fromString).collect(Collectors.toSet());
    return Caller.of(row)
        .byToken(
            new Rights.ByToken(grant, expiresAt, Rights.TokenKind.GRANTED),
            scopes,
            profiles,
            Set.of())
        .byClient(
            OAuthClient.auditLabel(
                OAuthClient.Kind.of(row.text("client_kind")),
                row.text("client_name"),
                row.text("client_id")));
  }
}
