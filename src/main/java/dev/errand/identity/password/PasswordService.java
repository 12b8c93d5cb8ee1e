package dev.errand.identity.password;

import dev.errand.base.database.Sql;
import dev.errand.base.error.ApiException;
import dev.errand.base.error.ErrorCode;
import dev.errand.identity.account.Caller;
import dev.errand.identity.account.PasswordHash;
import dev.errand.identity.account.Scope;
import dev.errand.identity.audit.Audit;
import dev.errand.identity.audit.AuditAction;
import dev.errand.identity.signin.AttemptLimits;
import dev.errand.identity.signin.SessionService;
import io.quarkus.narayana.jta.QuarkusTransaction;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.Optional;

/** Changes passwords. */
@ApplicationScoped
public class PasswordService {
  private static final String HASH = "SELECT password_hash FROM account WHERE id = :id";

  private static final String CHANGE =
      "UPDATE account SET password_hash = :hash WHERE id = :id AND password_hash = :known";

  private final AttemptLimits limits;
  private final SessionService sessions;
  private final Sql sql;
  private final Audit audit;

  PasswordService(AttemptLimits limits, SessionService sessions, Sql sql, Audit audit) {
    this.limits = limits;
    this.sessions = sessions;
    this.sql = sql;
    this.audit = audit;
  }

  /**
   * Changes the caller's password and ends the caller's other sessions.
   *
   * @param address where the request comes from
   * @throws ApiException {@link ErrorCode#SIGN_IN_REFUSED} where the current password is wrong or
   *     there is none, {@link ErrorCode#RATE_LIMITED}, or when the new one is not valid
   */
  public void change(Caller caller, PasswordRequest wanted, String address) {
    caller.requireUnlimited(Scope.WRITE);
    String current = wanted.current();
    if (current == null || current.isEmpty()) {
      throw ApiException.invalid("current", "is required");
    }
    String password = PasswordHash.checked("new", wanted.wanted());
    limits.count(caller.username(), address);
    Optional<String> known =
        sql.statement(HASH)
            .with("id", caller.id())
            .first(row -> Optional.ofNullable(row.textOrNull("password_hash")))
            .flatMap(hash -> hash);
    // Outside of a transaction: each takes a good part of a second.
    if (!PasswordHash.matches(current, known.orElse(null)) || known.isEmpty()) {
      throw refused();
    }
    String hash = PasswordHash.of(password);
    QuarkusTransaction.requiringNew().run(() -> change(caller, known.get(), hash));
  }

  private void change(Caller caller, String known, String hash) {
    int changed =
        sql.statement(CHANGE)
            .with("id", caller.id())
            .with("known", known)
            .with("hash", hash)
            .update();
    if (changed == 0) {
      throw refused();
    }
    sessions.endOthers(caller.id());
    audit.record(
        caller, AuditAction.PASSWORD_CHANGED, "users/" + caller.username(), null, null, "password");
  }

  private static ApiException refused() {
    return new ApiException(
        ErrorCode.SIGN_IN_REFUSED, "The current password is wrong: nothing is changed.");
  }
}
