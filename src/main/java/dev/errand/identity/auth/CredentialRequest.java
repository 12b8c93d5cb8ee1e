package dev.errand.identity.auth;

import io.quarkus.security.identity.request.BaseAuthenticationRequest;

/** A request to authenticate a session, token or access token. */
public final class CredentialRequest extends BaseAuthenticationRequest {
  private final String token;

  public CredentialRequest(String token) {
    this.token = token;
  }

  String token() {
    return token;
  }
}
