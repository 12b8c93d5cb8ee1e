package dev.errand.identity.user;

import dev.errand.base.database.Sql;
import dev.errand.base.error.ApiException;
import dev.errand.base.error.ErrorCode;
import dev.errand.identity.account.Caller;
import dev.errand.identity.account.PasswordHash;
import dev.errand.identity.account.Scope;
import dev.errand.identity.audit.Audit;
import dev.errand.identity.audit.AuditAction;
import dev.errand.identity.signin.AttemptLimits;
import dev.errand.identity.signin.PasswordHasher;
import dev.errand.identity.signin.SessionService;
import io.quarkus.narayana.jta.QuarkusTransaction;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Changes passwords. */
@ApplicationScoped
public class PasswordService {
  private static final String HASH = "SELECT password_hash FROM account WHERE id = :id";

  private static final String CHANGE =
      "UPDATE account SET password_hash = :hash WHERE id = :id AND password_hash = :known";

  private final AttemptLimits limits;
  private final PasswordHasher hasher;
  private final SessionService sessions;
  private final Sql sql;
  private final Audit audit;

  PasswordService(
      AttemptLimits limits, PasswordHasher hasher, SessionService sessions, Sql sql, Audit audit) {
    this.limits = limits;
    this.hasher = hasher;
    this.sessions = sessions;
    this.sql = sql;
    this.audit = audit;
  }

  /**
   * Changes the caller's password and ends the caller's other sessions.
   *
   * @throws ApiException {@link ErrorCode#SIGN_IN_REFUSED} where the current password is wrong or
   *     there is none, {@link ErrorCode#RATE_LIMITED}, {@link ErrorCode#UNAVAILABLE}, or when the
   *     new one is not valid
   */
  public void change(Caller caller, PasswordRequest wanted, String network) {
    caller.requireUnlimited(Scope.WRITE);
    wanted.check();
    limits.count(network);
    limits.count(caller.username(), network, true);
    Optional<String> known =
        sql.statement(HASH)
            .with("id", caller.id())
            .first(row -> Optional.ofNullable(row.textOrNull("password_hash")))
            .flatMap(hash -> hash);
    // Outside of a transaction: it takes up to seconds.
    String hash = hasher.run(() -> changed(wanted, known.orElse(null)), network, true);
    if (hash == null || known.isEmpty()) {
      throw refused();
    }
    QuarkusTransaction.requiringNew().run(() -> change(caller, known.get(), hash));
  }

  /** The hash of the new password; null where the current one is wrong. */
  private static @Nullable String changed(PasswordRequest wanted, @Nullable String known) {
    return PasswordHash.matches(wanted.current(), known) ? PasswordHash.of(wanted.wanted()) : null;
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
