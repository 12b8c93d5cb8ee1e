package dev.errand.identity.oidc;

import dev.errand.base.database.Row;
import dev.errand.base.database.Sql;
import dev.errand.base.database.SqlStatement;
import dev.errand.identity.account.Caller;
import dev.errand.identity.account.CurrentCaller;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.Optional;

/** Finds the users that a provider identifies, outside of a sign-in; none is created. */
@ApplicationScoped
public class LinkedUsers {
  private final Sql sql;

  LinkedUsers(Sql sql) {
    this.sql = sql;
  }

  /**
   * The user who has signed in as that person before; empty where there is none.
   *
   * @throws dev.errand.base.error.ApiException {@link
   *     dev.errand.base.error.ErrorCode#UNAUTHENTICATED} where the user is disabled
   */
  public Optional<Caller> find(String issuer, String subject) {
    return one(
        sql.statement(OidcUserStatements.USER).with("issuer", issuer).with("subject", subject));
  }

  /** The user of that name; empty where there is none. */
  public Optional<Caller> named(String username) {
    return one(sql.statement(OidcUserStatements.USER_BY_NAME).with("username", username));
  }

  private static Optional<Caller> one(SqlStatement statement) {
    return statement.first(LinkedUsers::caller);
  }

  private static Caller caller(Row row) {
    if (row.timeOrNull("disabled_at") != null) {
      throw CurrentCaller.unauthenticated("The user is disabled.");
    }
    return Caller.of(row);
  }
}
