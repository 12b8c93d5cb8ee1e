package dev.errand.tools.install;

import dev.errand.base.error.ApiException;
import dev.errand.identity.account.CurrentCaller;
import dev.errand.identity.oauth.ConsentPage;
import dev.errand.identity.oauth.OAuthUrls;
import dev.errand.identity.profile.ProfileSlug;
import dev.errand.tools.mcp.oauth.OwnClient;
import io.quarkus.vertx.http.runtime.CurrentVertxRequest;
import io.smallrye.common.annotation.RunOnVirtualThread;
import jakarta.ws.rs.BeanParam;
import jakarta.ws.rs.DELETE;
import jakarta.ws.rs.DefaultValue;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.MediaType;
import org.jboss.resteasy.reactive.RestPath;
import org.jboss.resteasy.reactive.RestQuery;
import org.jboss.resteasy.reactive.RestResponse;

/** The endpoints by which a person connects and disconnects a remote server. */
@Path("/api/profiles/{user}/{profile}/installations/{name}/connect")
@RunOnVirtualThread
public class ConnectResource {
  private final CurrentCaller caller;
  private final ConnectService connections;
  private final ConsentPage page;
  private final OAuthUrls urls;
  private final CurrentVertxRequest http;

  ConnectResource(
      CurrentCaller caller,
      ConnectService connections,
      ConsentPage page,
      OAuthUrls urls,
      CurrentVertxRequest http) {
    this.caller = caller;
    this.connections = connections;
    this.page = page;
    this.urls = urls;
    this.http = http;
  }

  /** Redirects a person to the authorization server; an error is shown as a page. */
  @GET
  @Produces({MediaType.TEXT_HTML, MediaType.WILDCARD})
  public RestResponse<String> connect(
      @BeanParam ProfileSlug profile,
      @RestPath String name,
      @RestQuery @DefaultValue("false") boolean register,
      @Context HttpHeaders headers)
      throws InterruptedException {
    OwnClient own = new OwnClient(urls.base(http.getCurrent().request()));
    try {
      return RestResponse.ResponseBuilder.<String>create(RestResponse.Status.SEE_OTHER)
          .location(connections.begin(caller.get(), profile, name, own, register))
          .header(HttpHeaders.CACHE_CONTROL, "no-store")
          .header("Referrer-Policy", "no-referrer")
          .build();
    } catch (ApiException e) {
      if (!headers.getAcceptableMediaTypes().contains(MediaType.TEXT_HTML_TYPE)) {
        throw e;
      }
      return page.notice(
          e.code().status(), "The server can't be connected", String.valueOf(e.getMessage()), null);
    }
  }

  @DELETE
  public void disconnect(@BeanParam ProfileSlug profile, @RestPath String name)
      throws InterruptedException {
    connections.disconnect(caller.get(), profile, name);
  }
}
