package dev.errand.identity.oauth;

import org.jspecify.annotations.Nullable;

/**
 * A refused request for access. If the client and its redirect address are valid, the client
 * receives the error; else a page shows it to the user.
 */
final class AuthorizationException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final transient @Nullable AnswerTarget target;
  private final String error;

  private AuthorizationException(@Nullable AnswerTarget target, String error, String detail) {
    super(detail);
    this.target = target;
    this.error = error;
  }

  /** An error that a page shows to the user. */
  static AuthorizationException onPage(String detail) {
    return new AuthorizationException(null, "invalid_request", detail);
  }

  /** An error that is sent to the client. */
  static AuthorizationException toClient(AnswerTarget target, String error, String detail) {
    return new AuthorizationException(target, error, detail);
  }

  /** Where the client receives the error; null where a page shows it. */
  @Nullable AnswerTarget target() {
    return target;
  }

  String error() {
    return error;
  }
}
