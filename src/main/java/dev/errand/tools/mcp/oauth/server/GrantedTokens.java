package dev.errand.tools.mcp.oauth.server;

import io.quarkus.runtime.annotations.RegisterForReflection;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * What an authorization server has given.
 *
 * @param access the token that requests carry
 * @param refresh what gets the next one; null where there is none
 * @param expiresAt when the first expires; null where that is not told
 * @param scope what it is good for; null where that is not told
 */
@RegisterForReflection
public record GrantedTokens(
    String access, @Nullable String refresh, @Nullable Instant expiresAt, @Nullable String scope) {
  /** Says nothing of the tokens. */
  @Override
  public String toString() {
    return "GrantedTokens[" + expiresAt + "]";
  }
}
