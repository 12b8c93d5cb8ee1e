package dev.errand.identity.account;

import io.smallrye.common.annotation.RunOnVirtualThread;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import java.util.List;

/** The account of the caller. */
@Path("/api/users/~")
public class AccountResource {
  private final CurrentCaller caller;

  AccountResource(CurrentCaller caller) {
    this.caller = caller;
  }

  /** The caller. */
  @GET
  @RunOnVirtualThread
  public UserView get() {
    return new UserView(caller.get().username(), List.of());
  }

  public record UserView(String username, List<String> emails) {}
}
