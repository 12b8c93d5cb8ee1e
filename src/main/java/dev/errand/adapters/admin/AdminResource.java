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

/** REST operations for admins: the state of the service, and resealing with a new master key. */
@Path("/api/admin")
@Produces(MediaType.APPLICATION_JSON)
@RunOnVirtualThread
public class AdminResource {
  private final CurrentCaller caller;
  private final StatusService status;
  private final ResealService reseals;

  AdminResource(CurrentCaller caller, StatusService status, ResealService reseals) {
    this.caller = caller;
    this.status = status;
    this.reseals = reseals;
  }

  @GET
  @Path("status")
  public ServiceStatus status() {
    return status.read(caller.get());
  }

  @GET
  @Path("reseal")
  public ResealStatus resealing() {
    return reseals.status(caller.get());
  }

  /** Starts resealing, which continues in the background. */
  @POST
  @Path("reseal")
  public RestResponse<ResealStatus> reseal() {
    return RestResponse.status(RestResponse.Status.ACCEPTED, reseals.start(caller.get()));
  }
}
