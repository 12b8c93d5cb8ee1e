package dev.errand.identity.auth;

import io.quarkus.security.identity.request.BaseAuthenticationRequest;

/** Asks whose session a token is of. */
public final class SessionRequest extends BaseAuthenticationRequest {
  private final String token;

  public SessionRequest(String token) {
    this.token = token;
  }

  String token() {
    return token;
  }
}
