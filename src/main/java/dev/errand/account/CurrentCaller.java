package dev.errand.account;

import dev.errand.error.ApiException;
import dev.errand.error.ErrorCode;
import jakarta.enterprise.context.RequestScoped;
import org.jspecify.annotations.Nullable;

/** Who makes the request at hand. */
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
      throw SessionAuth.unauthenticated("This address wants a session.");
    }
    return caller;
  }

  void set(Caller caller) {
    this.caller = caller;
  }
}
