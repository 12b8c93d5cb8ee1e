package dev.errand.identity.account;

import dev.errand.base.database.Sql;
import dev.errand.base.error.ApiException;
import dev.errand.base.error.ErrorCode;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.Optional;

/** Finds users. */
@ApplicationScoped
public class Users {
  private static final String NAMED =
      "SELECT " + User.COLUMNS + " FROM account WHERE username = :username";

  private final Sql sql;

  Users(Sql sql) {
    this.sql = sql;
  }

  public Optional<User> named(String username) {
    return sql.statement(NAMED).by("username", username).first(User::of);
  }

  public static ApiException unknown(String username) {
    return new ApiException(ErrorCode.USER_NOT_FOUND, "There is no user " + username + ".");
  }
}
