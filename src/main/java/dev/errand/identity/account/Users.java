package dev.errand.identity.account;

import dev.errand.base.database.Sql;
import dev.errand.base.error.ApiException;
import dev.errand.base.error.ErrorCode;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.Optional;
import java.util.UUID;

/** Finds users. */
@ApplicationScoped
public class Users {
  private static final String NAMED =
      "SELECT " + User.COLUMNS + " FROM account WHERE username = :username";

  private static final String LOCK = "SELECT id FROM account WHERE id = :id FOR NO KEY UPDATE";

  private final Sql sql;

  Users(Sql sql) {
    this.sql = sql;
  }

  /** Makes changes that count what a user has, or choose its names, wait for each other. */
  public static void lock(Sql sql, UUID accountId) {
    sql.statement(LOCK).with("id", accountId).run();
  }

  public Optional<User> named(String username) {
    return sql.statement(NAMED).by("username", username).first(User.class);
  }

  public static ApiException unknown(String username) {
    return new ApiException(ErrorCode.USER_NOT_FOUND, "There is no user " + username + ".");
  }
}
