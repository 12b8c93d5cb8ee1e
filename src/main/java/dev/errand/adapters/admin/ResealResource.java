package dev.errand.adapters.admin;

import dev.errand.base.secret.ResealStatus;
import dev.errand.identity.account.CurrentCaller;
import io.smallrye.common.annotation.RunOnVirtualThread;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import org.jboss.resteasy.reactive.RestResponse;

/** Reseals all stored secrets with the newest master key. */
@Path("/api/admin/reseal")
@Produces(MediaType.APPLICATION_JSON)
@RunOnVirtualThread
public class ResealResource {
  private final CurrentCaller caller;
  private final ResealService reseals;

  ResealResource(CurrentCaller caller, ResealService reseals) {
    this.caller = caller;
    this.reseals = reseals;
  }

  /** The progress of resealing, and whether former keys may be dropped. */
  @GET
  public ResealStatus get() {
    return reseals.status(caller.get());
  }

  /** Starts resealing, which continues in the background. */
  @POST
  public RestResponse<ResealStatus> start() {
    return RestResponse.status(RestResponse.Status.ACCEPTED, reseals.start(caller.get()));
  }
}
