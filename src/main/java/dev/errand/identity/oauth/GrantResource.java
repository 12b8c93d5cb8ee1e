package dev.errand.identity.oauth;

import dev.errand.identity.account.CurrentCaller;
import io.smallrye.common.annotation.RunOnVirtualThread;
import jakarta.ws.rs.DELETE;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import java.util.List;
import org.jboss.resteasy.reactive.RestPath;

/** The grants of the caller to clients. */
@Path("/api/grants")
@Produces(MediaType.APPLICATION_JSON)
@RunOnVirtualThread
public class GrantResource {
  private final CurrentCaller caller;
  private final Grants grants;

  GrantResource(CurrentCaller caller, Grants grants) {
    this.caller = caller;
    this.grants = grants;
  }

  /** The grants, the newest first. */
  @GET
  public List<GrantView> list() {
    return grants.list(caller.get());
  }

  @DELETE
  @Path("{id}")
  public void delete(@RestPath String id) {
    grants.end(caller.get(), id);
  }
}
