package dev.errand.tools.mcp.oauth.server;

import io.quarkus.runtime.annotations.RegisterForReflection;
import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * What an authorization server has given.
 *
 * @param access the token that requests carry
 * @param refresh what gets the next one; null where there is none
 * @param issuedAt when they were given; null where that was not kept
 * @param expiresAt when the first expires; null where that is not told
 * @param scope what it is good for; null where that is not told
 */
@RegisterForReflection
public record GrantedTokens(
    String access,
    @Nullable String refresh,
    @Nullable Instant issuedAt,
    @Nullable Instant expiresAt,
    @Nullable String scope) {
  private static final Duration SOON = Duration.ofSeconds(30);

  /** Whether the access token is good at a time. */
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

  /** Says nothing of the tokens. */
  @Override
  public String toString() {
    return "GrantedTokens[" + expiresAt + "]";
  }
}
