package dev.errand.tools.install.remote;

import dev.errand.identity.account.CurrentCaller;
import dev.errand.identity.oauth.resource.OAuthUrls;
import dev.errand.identity.profile.ProfileSlug;
import dev.errand.tools.mcp.oauth.server.OwnClient;
import io.quarkus.vertx.http.runtime.CurrentVertxRequest;
import io.smallrye.common.annotation.RunOnVirtualThread;
import jakarta.ws.rs.DELETE;
import jakarta.ws.rs.DefaultValue;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.MediaType;
import org.jboss.resteasy.reactive.RestPath;
import org.jboss.resteasy.reactive.RestQuery;
import org.jboss.resteasy.reactive.RestResponse;

/** Where a person connects a remote server, and where that is ended. */
@Path("/api/profiles/{user}/{profile}/installations/{name}/connect")
@Produces({MediaType.APPLICATION_JSON, MediaType.WILDCARD})
@RunOnVirtualThread
public class ConnectResource {
  private final CurrentCaller caller;
  private final ConnectService connections;
  private final OAuthUrls urls;
  private final CurrentVertxRequest http;

  ConnectResource(
      CurrentCaller caller, ConnectService connections, OAuthUrls urls, CurrentVertxRequest http) {
    this.caller = caller;
    this.connections = connections;
    this.urls = urls;
    this.http = http;
  }

  /** Leads a person to the authorization server. */
  @GET
  public RestResponse<Void> connect(
      @RestPath String user,
      @RestPath String profile,
      @RestPath String name,
      @RestQuery @DefaultValue("false") boolean register)
      throws InterruptedException {
    OwnClient own = new OwnClient(urls.base(http.getCurrent().request()));
    return RestResponse.ResponseBuilder.<Void>create(RestResponse.Status.SEE_OTHER)
        .location(
            connections.begin(caller.get(), new ProfileSlug(user, profile), name, own, register))
        .header(HttpHeaders.CACHE_CONTROL, "no-store")
        .header("Referrer-Policy", "no-referrer")
        .build();
  }

  /** Revokes and forgets the tokens. */
  @DELETE
  public void disconnect(@RestPath String user, @RestPath String profile, @RestPath String name)
      throws InterruptedException {
    connections.disconnect(caller.get(), new ProfileSlug(user, profile), name);
  }
}
