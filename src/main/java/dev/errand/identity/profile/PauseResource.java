package dev.errand.identity.profile;

import dev.errand.identity.account.CurrentCaller;
import io.smallrye.common.annotation.RunOnVirtualThread;
import jakarta.ws.rs.BeanParam;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.DELETE;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.PUT;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import org.jspecify.annotations.Nullable;

/**
 * Pauses a profile: requests, schedules and webhooks start no runs. Runs that were started
 * continue.
 */
@Path("/api/profiles/{user}/{profile}/pause")
@Produces(MediaType.APPLICATION_JSON)
@RunOnVirtualThread
public class PauseResource {
  private final CurrentCaller caller;
  private final PauseService pauses;

  PauseResource(CurrentCaller caller, PauseService pauses) {
    this.caller = caller;
    this.pauses = pauses;
  }

  /** Whether the profile is paused. */
  @GET
  public PauseView get(@BeanParam ProfileSlug profile) {
    return pauses.get(caller.get(), profile);
  }

  /**
   * Pauses the profile, or ends its pause where the body says so. Has no effect where that is
   * already so.
   */
  @PUT
  @Consumes({MediaType.APPLICATION_JSON, MediaType.WILDCARD})
  public PauseView pause(@BeanParam ProfileSlug profile, @Nullable PauseRequest wanted) {
    return wanted == null || wanted.isPause()
        ? pauses.pause(caller.get(), profile)
        : pauses.resume(caller.get(), profile);
  }

  /** Ends the pause. */
  @DELETE
  public void goOn(@BeanParam ProfileSlug profile) {
    var _ = pauses.resume(caller.get(), profile);
  }
}
