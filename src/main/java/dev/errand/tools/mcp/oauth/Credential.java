package dev.errand.tools.mcp.oauth;

import dev.errand.base.json.Coded;
import io.quarkus.runtime.annotations.RegisterForReflection;
import jakarta.persistence.Column;
import java.time.Duration;
import java.time.Instant;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * The stored credential of a remote server.
 *
 * @param clientId the client that was registered there by hand; null for none
 * @param clientSecretSealed its secret, sealed; null for none
 * @param askedScope the scopes to request; null for those that the server names
 * @param lackedScope those that a call lacked; null for none
 * @param tokensSealed the tokens with their connection, sealed; null where the server is not
 *     connected
 * @param scope the granted scopes; null where they are not known
 * @param expiresAt when the access token expires; null where that is not known
 * @param connectedBy the user who has connected it; null where the user was deleted
 * @param connectedAt when it was connected; null where it is not
 * @param failure why the last renewal failed; null where it succeeded
 * @param hasFailed whether a retry would be useless
 * @param triedAt when the last renewal failed; null where it succeeded
 * @param pinsNext whether the tools that the server lists at its next connection are pinned,
 *     because the present ones were pinned for another server
 */
@RegisterForReflection
public record Credential(
    UUID installationId,
    String issuer,
    @Nullable String clientId,
    byte @Nullable [] clientSecretSealed,
    @Nullable String askedScope,
    @Nullable String lackedScope,
    byte @Nullable [] tokensSealed,
    @Nullable String scope,
    @Nullable Instant expiresAt,
    boolean hasRefresh,
    @Nullable String connectedBy,
    @Nullable Instant connectedAt,
    @Nullable String failure,
    @Column(name = "failed") boolean hasFailed,
    @Nullable Instant triedAt,
    boolean pinsNext,
    boolean sharesRedirect) {
  /** How long before its end a token that can't be renewed counts as expiring. */
  private static final Duration EXPIRING = Duration.ofDays(1);

  /** The states of a credential; the lower-case name is the {@code state} in JSON. */
  public enum State implements Coded {
    /** There is none. */
    NONE,
    /** It is valid. */
    OK,
    /** It ends soon, and can't be renewed, or the last renewal failed. */
    EXPIRING,
    /** A person has to act. */
    FAILING
  }

  public State state(Instant now) {
    if (tokensSealed == null) {
      return State.NONE;
    }
    boolean hasExpired = expiresAt != null && !now.isBefore(expiresAt);
    if (hasFailed || (hasExpired && (!hasRefresh || failure != null))) {
      return State.FAILING;
    }
    boolean ends = expiresAt != null && !now.isBefore(expiresAt.minus(EXPIRING));
    return failure != null || (ends && !hasRefresh) ? State.EXPIRING : State.OK;
  }

  /** The path of the redirect address of that client, or of one that is registered by hand now. */
  public String redirectPath() {
    return clientId != null && sharesRedirect ? RedirectPath.SHARED : RedirectPath.of(issuer);
  }

  /**
   * Why its renewal failed, or will not be possible after its end; null where there is no problem.
   */
  public @Nullable String reason(Instant now) {
    return failure == null && state(now) == State.FAILING
        ? "The token has expired, and the authorization server issued no refresh token. Connect the"
            + " server again."
        : failure;
  }

  /** Without sealed values. */
  @Override
  public String toString() {
    return "Credential[" + installationId + "]";
  }
}
