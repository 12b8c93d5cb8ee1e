package dev.errand.identity.account;

import dev.errand.base.error.ApiException;
import dev.errand.base.error.ErrorCode;
import jakarta.enterprise.context.RequestScoped;
import jakarta.ws.rs.core.HttpHeaders;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The caller of the current request. */
@RequestScoped
public class CurrentCaller {
  private @Nullable Caller caller;

  /**
   * The caller.
   *
   * @throws ApiException {@link ErrorCode#UNAUTHENTICATED} when the request has no session
   */
  public Caller get() {
    if (caller == null) {
      throw unauthenticated("This address wants a session.");
    }
    return caller;
  }

  public void set(Caller caller) {
    this.caller = caller;
  }

  /** The error of a request without a valid session; {@code detail} says what to send. */
  public static ApiException unauthenticated(String detail) {
    return new ApiException(
        ErrorCode.UNAUTHENTICATED,
        detail,
        List.of(),
        Map.of(HttpHeaders.WWW_AUTHENTICATE, "Bearer realm=\"errand\""));
  }
}
