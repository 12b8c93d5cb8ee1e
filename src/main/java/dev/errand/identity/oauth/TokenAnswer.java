package dev.errand.identity.oauth;

import io.quarkus.runtime.annotations.RegisterForReflection;

/**
 * Tokens that a client gets (RFC 6749, section 5.1).
 *
 * @param tokenType always {@code Bearer}
 * @param expiresIn how many seconds the access token lasts
 * @param refreshToken the refresh token, which can be used once
 */
@RegisterForReflection
public record TokenAnswer(
    String accessToken, String tokenType, long expiresIn, String refreshToken, String scope) {
  /** Without tokens, so that a log does not reveal them. */
  @Override
  public String toString() {
    return "tokens for " + scope;
  }
}
