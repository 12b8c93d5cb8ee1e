package dev.errand.identity.oauth.grant;

import io.quarkus.runtime.annotations.RegisterForReflection;

/**
 * Tokens that a client gets (RFC 6749, section 5.1).
 *
 * @param accessToken the access token
 * @param tokenType always {@code Bearer}
 * @param expiresIn how many seconds the access token lasts
 * @param refreshToken the refresh token, good for once
 * @param scope what the access token allows
 */
@RegisterForReflection
public record TokenAnswer(
    String accessToken, String tokenType, long expiresIn, String refreshToken, String scope) {

  /** Tells no token, since what logs one would give it away. */
  @Override
  public String toString() {
    return "tokens for " + scope;
  }
}
