package dev.errand.identity.oauth.page;

import org.jspecify.annotations.Nullable;

/**
 * A request for access that is refused. Where the client and its address are good, it is told; else
 * the user is, on a page.
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

  /** One that the user is told. */
  static AuthorizationException onPage(String detail) {
    return new AuthorizationException(null, "invalid_request", detail);
  }

  /** One that the client is told. */
  static AuthorizationException toClient(AnswerTarget target, String error, String detail) {
    return new AuthorizationException(target, error, detail);
  }

  /** Where the client is told; null where the user is. */
  @Nullable AnswerTarget target() {
    return target;
  }

  /** Its code. */
  String error() {
    return error;
  }
}
