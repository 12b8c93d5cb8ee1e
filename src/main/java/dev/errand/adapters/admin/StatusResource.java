package dev.errand.adapters.admin;

import dev.errand.identity.account.CurrentCaller;
import io.smallrye.common.annotation.RunOnVirtualThread;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;

/** The state of the service: queue, workers, database, keys, version. */
@Path("/api/admin/status")
@Produces(MediaType.APPLICATION_JSON)
@RunOnVirtualThread
public class StatusResource {
  private final CurrentCaller caller;
  private final StatusService status;

  StatusResource(CurrentCaller caller, StatusService status) {
    this.caller = caller;
    this.status = status;
  }

  @GET
  public ServiceStatus get() {
    return status.read(caller.get());
  }
}
