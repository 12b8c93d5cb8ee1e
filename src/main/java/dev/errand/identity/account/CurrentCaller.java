package dev.errand.identity.account;

import dev.errand.base.error.ApiException;
import dev.errand.base.error.ErrorCode;
import io.quarkus.security.AuthenticationFailedException;
import io.quarkus.security.identity.SecurityIdentity;
import jakarta.inject.Singleton;
import jakarta.ws.rs.core.HttpHeaders;
import java.util.List;
import java.util.Map;

/** The caller of the current request: the principal of its security identity. */
@Singleton
public class CurrentCaller {
  /** The {@code WWW-Authenticate} of an answer to a request without a known session. */
  public static final String CHALLENGE = "Bearer realm=\"errand\"";

  private final SecurityIdentity identity;

  CurrentCaller(SecurityIdentity identity) {
    this.identity = identity;
  }

  /**
   * The caller.
   *
   * @throws ApiException {@link ErrorCode#UNAUTHENTICATED} when the request has no session
   */
  public Caller get() {
    if (identity.getPrincipal() instanceof Caller caller) {
      return caller;
    }
    throw unauthenticated("This address needs a session.");
  }

  /** The error of a request whose credential was refused. */
  public static ApiException refusal(AuthenticationFailedException failure) {
    return failure.getCause() instanceof ApiException refusal
        ? refusal
        : unauthenticated("The credential is unknown or has expired.");
  }

  /** The error of a request without a valid session; {@code detail} says what to send. */
  public static ApiException unauthenticated(String detail) {
    return new ApiException(
        ErrorCode.UNAUTHENTICATED,
        detail,
        List.of(),
        Map.of(HttpHeaders.WWW_AUTHENTICATE, CHALLENGE));
  }
}
