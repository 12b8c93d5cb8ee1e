package dev.errand.identity.profile;

import dev.errand.identity.account.CurrentCaller;
import io.smallrye.common.annotation.RunOnVirtualThread;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.DELETE;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.PUT;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import org.jboss.resteasy.reactive.RestPath;
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
  public PauseView get(@RestPath String user, @RestPath String profile) {
    return pauses.get(caller.get(), new ProfileSlug(user, profile));
  }

  /**
   * Pauses the profile, or ends its pause where the body says so. Has no effect where that is
   * already so.
   */
  @PUT
  @Consumes({MediaType.APPLICATION_JSON, MediaType.WILDCARD})
  public PauseView pause(
      @RestPath String user, @RestPath String profile, @Nullable PauseRequest wanted) {
    ProfileSlug slug = new ProfileSlug(user, profile);
    return wanted == null || wanted.isPause()
        ? pauses.pause(caller.get(), slug)
        : pauses.resume(caller.get(), slug);
  }

  /** Ends the pause. */
  @DELETE
  public void goOn(@RestPath String user, @RestPath String profile) {
    var _ = pauses.resume(caller.get(), new ProfileSlug(user, profile));
  }
}
