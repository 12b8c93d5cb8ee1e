package dev.errand.tools.mcp.oauth;

import io.quarkus.runtime.annotations.RegisterForReflection;
import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * Tokens that an authorization server has issued.
 *
 * @param refresh the refresh token; null where there is none
 * @param issuedAt when they were issued; null where that was not stored
 * @param expiresAt when the access token expires; null where that is not known
 * @param scope the scopes of the access token; null where they are not known
 */
@RegisterForReflection
public record GrantedTokens(
    String access,
    @Nullable String refresh,
    @Nullable Instant issuedAt,
    @Nullable Instant expiresAt,
    @Nullable String scope) {
  private static final Duration SOON = Duration.ofSeconds(30);

  public boolean areGood(Instant at) {
    return expiresAt == null || at.isBefore(expiresAt);
  }

  /** Whether it expires within half a minute, or a quarter of its life where that is less. */
  public boolean endSoon(Instant at) {
    if (expiresAt == null) {
      return false;
    }
    Duration soon = SOON;
    if (issuedAt != null) {
      Duration quarter = Duration.between(issuedAt, expiresAt).dividedBy(4);
      soon = quarter.compareTo(SOON) < 0 ? quarter : SOON;
    }
    return !areGood(at.plus(soon));
  }

  /** Without the tokens. */
  @Override
  public String toString() {
    return "GrantedTokens[" + expiresAt + "]";
  }
}
