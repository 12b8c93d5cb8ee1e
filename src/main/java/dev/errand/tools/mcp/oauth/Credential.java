package dev.errand.tools.mcp.oauth;

import dev.errand.base.database.Row;
import java.time.Duration;
import java.time.Instant;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * The credential of a remote server as it is kept.
 *
 * @param installationId whose it is
 * @param issuer the authorization server that the MCP server named last
 * @param clientId the client that somebody has made there by hand; null for none
 * @param clientSecretSealed its secret, sealed; null for none
 * @param askedScope the scopes that are to be asked for; null for what the server says
 * @param lackedScope those that a call lacked; null for none
 * @param tokensSealed the tokens and where they come from, sealed; null where nobody has connected
 *     it
 * @param scope what they are good for; null where that is not told
 * @param expiresAt when the access token expires; null where that is not told
 * @param hasRefresh whether it can be renewed
 * @param connectedBy the user who has connected it; null where that one is gone
 * @param connectedAt when; null where nobody has
 * @param failure why it could not be renewed last; null where it could
 * @param hasFailed whether trying again helps nothing
 * @param triedAt when it could not be renewed last; null where it could
 * @param pinsNext whether the tools that the server lists when it is connected next are pinned, as
 *     it is another one than they were pinned for
 */
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
    boolean hasFailed,
    @Nullable Instant triedAt,
    boolean pinsNext) {
  /** How long before its end a token that can't be renewed is said to be expiring. */
  private static final Duration EXPIRING = Duration.ofDays(1);

  /** The states of a credential. */
  public enum State {
    /** There is none. */
    NONE,
    /** It is good. */
    OK,
    /** It ends soon, and can't be renewed, or could not last. */
    EXPIRING,
    /** Somebody has to do something. */
    FAILING
  }

  static Credential of(Row row) {
    return new Credential(
        row.id("installation_id"),
        row.text("issuer"),
        row.textOrNull("client_id"),
        row.bytesOrNull("client_secret_sealed"),
        row.textOrNull("asked_scope"),
        row.textOrNull("lacked_scope"),
        row.bytesOrNull("tokens_sealed"),
        row.textOrNull("scope"),
        row.timeOrNull("expires_at"),
        row.flag("has_refresh"),
        row.textOrNull("connected_by"),
        row.timeOrNull("connected_at"),
        row.textOrNull("failure"),
        row.flag("failed"),
        row.timeOrNull("tried_at"),
        row.flag("pins_next"));
  }

  /** Its state. */
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

  /** Why it could not be renewed, or can't be once it has ended; null where all is well. */
  public @Nullable String reason(Instant now) {
    return failure == null && state(now) == State.FAILING
        ? "The token has ended, and the authorization server gave none to renew it with. Connect the"
            + " server again."
        : failure;
  }

  /** Says nothing of what is sealed. */
  @Override
  public String toString() {
    return "Credential[" + installationId + "]";
  }
}
