package dev.errand.adapters.admin;

import dev.errand.base.error.ApiException;
import dev.errand.base.error.ErrorCode;
import dev.errand.base.secret.ResealStatus;
import dev.errand.base.secret.Resealing;
import dev.errand.identity.account.Caller;
import dev.errand.identity.account.Scope;
import dev.errand.identity.audit.Audit;
import dev.errand.identity.audit.AuditAction;
import io.quarkus.narayana.jta.QuarkusTransaction;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Duration;

/** Lets admins reseal all secrets with the newest master key. */
@ApplicationScoped
public class ResealService {
  // A few values are resealed before the answer; the rest is left to the background.
  private static final Duration BEFORE_THE_ANSWER = Duration.ofSeconds(2);

  private final Resealing resealing;
  private final Audit audit;

  ResealService(Resealing resealing, Audit audit) {
    this.resealing = resealing;
    this.audit = audit;
  }

  /**
   * Starts to reseal everything with the newest key, unless that is under way.
   *
   * @throws ApiException {@link ErrorCode#SCOPE_MISSING}
   */
  public ResealStatus start(Caller caller) {
    caller.requireUnlimited(Scope.ADMIN);
    QuarkusTransaction.requiringNew()
        .run(
            () -> {
              resealing.start();
              audit.record(caller, AuditAction.SECRETS_RESEALED, "secrets", null, null);
            });
    resealing.runOnce(BEFORE_THE_ANSWER);
    return resealing.status();
  }

  /**
   * The progress of resealing.
   *
   * @throws ApiException {@link ErrorCode#SCOPE_MISSING}
   */
  public ResealStatus status(Caller caller) {
    caller.requireUnlimited(Scope.ADMIN);
    return resealing.status();
  }
}
