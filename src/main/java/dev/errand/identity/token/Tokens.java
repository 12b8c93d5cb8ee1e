package dev.errand.identity.token;

import dev.errand.base.database.Row;
import dev.errand.base.database.Sql;
import dev.errand.base.database.SqlStatement;
import dev.errand.base.error.ApiException;
import dev.errand.base.error.ErrorCode;
import dev.errand.base.secret.ChecksummedText;
import dev.errand.base.secret.Sha256;
import dev.errand.identity.account.Caller;
import dev.errand.identity.account.CredentialUses;
import dev.errand.identity.account.CurrentCaller;
import dev.errand.identity.account.Rights;
import dev.errand.identity.account.Scope;
import dev.errand.identity.account.SessionJoin;
import dev.errand.identity.account.SessionJoin.Joined;
import jakarta.enterprise.context.ApplicationScoped;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Instant;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Recognises tokens. */
@ApplicationScoped
public class Tokens {
  // 256 random bits, and a checksum.
  private static final ChecksummedText FORM = new ChecksummedText("err_");
  private static final String CALLER = SessionJoin.ofToken();

  private final Sql sql;
  private final Clock clock;
  private final CredentialUses uses;

  Tokens(Sql sql, Clock clock, CredentialUses uses) {
    this.sql = sql;
    this.clock = clock;
    this.uses = uses;
  }

  static String random(SecureRandom random) {
    return FORM.random(random);
  }

  /** Whether a credential has the form of a token. Any other credential is a session. */
  public static boolean isToken(String credential) {
    return FORM.matches(credential);
  }

  /** Whether the checksum of a text in the form of a token is right. */
  static boolean isWhole(String token) {
    return FORM.isWhole(token);
  }

  /**
   * The user of a token, with the token's rights.
   *
   * @throws ApiException {@link ErrorCode#UNAUTHENTICATED} when it is unknown or has expired
   */
  public Caller callerOf(String token) {
    return find(CALLER, token, statement -> statement.first(this::used));
  }

  /** Like {@link #callerOf(String)}, with the joined row, in one round trip. */
  public <T> Joined<T> callerOf(String token, SessionJoin<T> join) {
    return find(
        join.sql().ofToken(),
        token,
        statement -> {
          join.values().accept(statement);
          return statement.first(row -> new Joined<>(used(row), join.reader().apply(row)));
        });
  }

  private <T> T find(String statement, String token, Function<SqlStatement, Optional<T>> reader) {
    if (!isWhole(token)) {
      throw CurrentCaller.unauthenticated(
          "The token's checksum is wrong: it was not copied as it was shown.");
    }
    return reader
        .apply(sql.statement(statement).with("token_hash", Sha256.of(token)))
        .orElseThrow(Tokens::unknown);
  }

  /** The error of a request whose token is unknown. */
  public static ApiException unknown() {
    return CurrentCaller.unauthenticated("The token is unknown or was revoked: use another one.");
  }

  private Caller used(Row row) {
    Instant now = clock.instant();
    Caller caller = callerIn(row, now);
    uses.note(
        () -> sql.statement(TokenStatements.USED),
        row.id("credential_id"),
        row.timeOrNull("credential_used_at"),
        now);
    return caller;
  }

  /**
   * The user of a row that has a token, in the columns by which {@link SessionJoin} finds one.
   *
   * @throws ApiException {@link ErrorCode#UNAUTHENTICATED} when it has expired
   */
  public static Caller callerIn(Row row, Instant now) {
    @Nullable Instant expiresAt = row.timeOrNull("credential_expires_at");
    if (expiresAt != null && !expiresAt.isAfter(now)) {
      throw CurrentCaller.unauthenticated(
          "The token has expired, at " + expiresAt + ": create another one.");
    }
    Set<Scope> scopes =
        row.texts("credential_scopes").stream().map(Scope::of).collect(Collectors.toSet());
    Set<UUID> profiles =
        row.texts("credential_profiles").stream().map(UUID::fromString).collect(Collectors.toSet());
    return Caller.of(row)
        .byToken(
            new Rights.ByToken(
                row.id("credential_id"), row.textOrNull("credential_name"), expiresAt),
            scopes,
            profiles,
            Set.copyOf(row.texts("credential_tasks")));
  }
}
