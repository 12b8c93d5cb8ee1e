package dev.errand.identity.user;

import dev.errand.base.error.ApiException;
import dev.errand.identity.account.CurrentCaller;
import dev.errand.identity.signin.SignInDevice;
import io.quarkus.vertx.http.runtime.CurrentVertxRequest;
import io.smallrye.common.annotation.RunOnVirtualThread;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.PUT;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.core.MediaType;
import org.jspecify.annotations.Nullable;

/** The password of the caller. */
@Path("/api/users/~/password")
public class PasswordResource {
  private final CurrentCaller caller;
  private final PasswordService passwords;
  private final CurrentVertxRequest http;

  PasswordResource(CurrentCaller caller, PasswordService passwords, CurrentVertxRequest http) {
    this.caller = caller;
    this.passwords = passwords;
    this.http = http;
  }

  @PUT
  @Consumes({MediaType.APPLICATION_JSON, MediaType.WILDCARD})
  @RunOnVirtualThread
  public void put(@Nullable PasswordRequest wanted) {
    if (wanted == null) {
      throw ApiException.invalid("body", "is required: {\"current\", \"new\"}");
    }
    passwords.change(caller.get(), wanted, SignInDevice.of(http.getCurrent().request()).network());
  }
}
