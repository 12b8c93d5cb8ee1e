package dev.errand.identity.oauth;

import dev.errand.base.error.ApiException;
import dev.errand.base.http.Paging;
import dev.errand.base.http.Paging.Part;
import dev.errand.base.http.QueryErrors;
import dev.errand.base.http.QueryFlag;
import dev.errand.base.http.ReadsQuery;
import dev.errand.identity.account.CurrentCaller;
import io.smallrye.common.annotation.RunOnVirtualThread;
import jakarta.ws.rs.DELETE;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.PUT;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.UriInfo;
import java.util.List;
import java.util.function.Function;
import org.jboss.resteasy.reactive.RestPath;
import org.jboss.resteasy.reactive.RestQuery;
import org.jboss.resteasy.reactive.RestResponse;
import org.jspecify.annotations.Nullable;

/** The clients that admins create by hand, and those that registered themselves. */
@Path("/api/oauth/clients")
@Produces(MediaType.APPLICATION_JSON)
@RunOnVirtualThread
public class ClientResource {
  private final CurrentCaller caller;
  private final ClientService clients;

  private final Paging paging;
  private final QueryErrors query;

  ClientResource(CurrentCaller caller, ClientService clients, Paging paging, QueryErrors query) {
    this.caller = caller;
    this.clients = clients;
    this.paging = paging;
    this.query = query;
  }

  /** The clients by hand; with {@code registered=true} those that registered themselves. */
  @GET
  @ReadsQuery
  public RestResponse<List<ClientView>> list(
      @RestQuery @Nullable String registered,
      @RestQuery @Nullable String limit,
      @RestQuery(Paging.CURSOR) @Nullable String cursor,
      @Context UriInfo uri) {
    boolean areRegistered =
        query.collected().read(() -> QueryFlag.of("registered", registered), false);
    Part part = query.collected().last(() -> Part.of(limit, cursor));
    OAuthClient.Kind kind = areRegistered ? OAuthClient.Kind.REGISTERED : OAuthClient.Kind.MANUAL;
    return paging
        .page(uri, clients.list(caller.get(), kind, part), ClientView::clientId)
        .answer(Function.identity());
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
