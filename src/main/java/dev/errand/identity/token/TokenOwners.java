package dev.errand.identity.token;

import dev.errand.base.database.Row;
import dev.errand.base.database.Sql;
import dev.errand.base.error.ApiException;
import dev.errand.base.error.ErrorCode;
import dev.errand.identity.account.Caller;
import dev.errand.identity.account.Scope;
import dev.errand.identity.account.UserKind;
import dev.errand.identity.account.Users;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * Finds the owner of the tokens that a request is about: the caller, or a service, whose tokens
 * admins manage.
 */
@ApplicationScoped
class TokenOwners {
  private static final String BY_NAME =
      "SELECT id, username, role, kind FROM account WHERE username = :username";

  private static final String SERVICE_OF_TOKEN =
      """
      SELECT account.id, account.username, account.role, account.kind FROM token
      JOIN account ON account.id = token.account_id
      WHERE token.id = :id AND account.kind = 'service'
      """;

  private final Sql sql;

  TokenOwners(Sql sql) {
    this.sql = sql;
  }

  private record TokenOwner(Caller user, boolean isService) {
    static TokenOwner of(Row row) {
      return new TokenOwner(Caller.of(row), UserKind.of(row.text("kind")) == UserKind.SERVICE);
    }
  }

  /**
   * The owner of tokens.
   *
   * @param user the name of a service; null or a name of the caller for the caller
   * @throws ApiException {@link ErrorCode#SCOPE_MISSING} for others than admins, {@link
   *     ErrorCode#USER_NOT_FOUND}, or when the user is another person, who creates their own tokens
   */
  Caller named(Caller caller, @Nullable String user) {
    if (user == null || caller.is(user)) {
      return caller;
    }
    caller.requireUnlimited(Scope.ADMIN);
    TokenOwner owner =
        sql.statement(BY_NAME)
            .by("username", user)
            .first(TokenOwner::of)
            .orElseThrow(() -> Users.unknown(user));
    if (!owner.isService) {
      throw ApiException.invalid(
          "user", "is a person, who makes tokens of their own; admins make those of services");
    }
    return owner.user;
  }

  /** The owner of a token that the caller may revoke: a service where the caller is an admin. */
  Caller of(Caller caller, UUID token) {
    return caller.rights().scopes().contains(Scope.ADMIN) && !caller.rights().isLimited()
        ? sql.statement(SERVICE_OF_TOKEN)
            .with("id", token)
            .first(TokenOwner::of)
            .map(TokenOwner::user)
            .orElse(caller)
        : caller;
  }
}
