package dev.errand.identity.oauth;

import dev.errand.base.error.RetryDelay;
import java.time.Duration;
import java.util.Map;

/**
 * An error that is answered in the form of OAuth (RFC 6749, section 5.2), with a sentence that says
 * what to do and contains nothing secret.
 */
public final class OAuthException extends RuntimeException {
  private static final long serialVersionUID = 1L;
  private static final int BAD_REQUEST = 400;
  private static final int UNAUTHORIZED = 401;
  private static final int NOT_FOUND = 404;
  private static final int TOO_MANY = 429;
  private static final int UNAVAILABLE = 503;

  private final int status;
  private final String error;
  private final transient Map<String, String> headers;

  private OAuthException(int status, String error, String detail, Map<String, String> headers) {
    super(detail);
    this.status = status;
    this.error = error;
    this.headers = headers;
  }

  /**
   * An error of status 400.
   *
   * @param error its code, such as {@code invalid_grant}
   */
  public static OAuthException of(String error, String detail) {
    return new OAuthException(BAD_REQUEST, error, detail, Map.of());
  }

  /** The error of a client that does not authenticate as it has to. */
  public static OAuthException invalidClient(String detail) {
    return new OAuthException(
        UNAUTHORIZED,
        "invalid_client",
        detail,
        Map.of("WWW-Authenticate", "Basic realm=\"errand\""));
  }

  /** The error of a missing endpoint, such as one that is switched off. */
  public static OAuthException notFound(String detail) {
    return new OAuthException(NOT_FOUND, "invalid_request", detail, Map.of());
  }

  /** The error of a client that sends too many requests. */
  public static OAuthException tooOften(String detail, Duration wait) {
    return new OAuthException(TOO_MANY, "temporarily_unavailable", detail, RetryDelay.header(wait));
  }

  /** The error of an operation that is not possible for the moment. */
  public static OAuthException later(String detail, Duration wait) {
    return new OAuthException(
        UNAVAILABLE, "temporarily_unavailable", detail, RetryDelay.header(wait));
  }

  public int status() {
    return status;
  }

  public String error() {
    return error;
  }

  Map<String, String> headers() {
    return headers;
  }
}
