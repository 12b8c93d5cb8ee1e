package dev.errand.identity.oauth;

import dev.errand.base.error.ApiException;
import dev.errand.identity.account.CurrentCaller;
import io.smallrye.common.annotation.RunOnVirtualThread;
import jakarta.ws.rs.DELETE;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.PUT;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import java.util.List;
import org.jboss.resteasy.reactive.RestPath;
import org.jboss.resteasy.reactive.RestResponse;
import org.jspecify.annotations.Nullable;

/** The clients that admins create by hand. */
@Path("/api/oauth/clients")
@Produces(MediaType.APPLICATION_JSON)
@RunOnVirtualThread
public class ClientResource {
  private final CurrentCaller caller;
  private final ClientService clients;

  ClientResource(CurrentCaller caller, ClientService clients) {
    this.caller = caller;
    this.clients = clients;
  }

  /** The clients, by name. */
  @GET
  public List<ClientView> list() {
    return clients.list(caller.get());
  }

  @GET
  @Path("{client}")
  public ClientView get(@RestPath String client) {
    return clients.get(caller.get(), client);
  }

  /** Creates a client, or changes it. */
  @PUT
  @Path("{client}")
  public RestResponse<ClientView> put(@RestPath String client, @Nullable ClientRequest wanted) {
    if (wanted == null) {
      throw ApiException.invalid("body", "is required: {\"redirect_uris\", \"confidential\"}");
    }
    ClientService.Put put = clients.put(caller.get(), client, wanted);
    return RestResponse.status(
        put.isNew() ? RestResponse.Status.CREATED : RestResponse.Status.OK, put.client());
  }

  /** Deletes a client, and ends its grants. */
  @DELETE
  @Path("{client}")
  public void delete(@RestPath String client) {
    clients.delete(caller.get(), client);
  }
}
