package dev.errand.tools.install;

import dev.errand.base.error.ApiException;
import dev.errand.base.http.QueryFlag;
import dev.errand.identity.account.CurrentCaller;
import dev.errand.identity.oauth.ConsentPage;
import dev.errand.identity.oauth.OAuthUrls;
import dev.errand.identity.profile.ProfileSlug;
import dev.errand.tools.mcp.oauth.ConnectFlows;
import dev.errand.tools.mcp.oauth.OwnClient;
import io.quarkus.vertx.http.runtime.CurrentVertxRequest;
import io.smallrye.common.annotation.RunOnVirtualThread;
import jakarta.ws.rs.BeanParam;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.DELETE;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.MediaType;
import org.jboss.resteasy.reactive.RestPath;
import org.jboss.resteasy.reactive.RestQuery;
import org.jboss.resteasy.reactive.RestResponse;
import org.jspecify.annotations.Nullable;

/** The endpoints by which a person connects and disconnects a remote server. */
@Path("/api/profiles/{user}/{profile}/installations/{name}/connect")
@RunOnVirtualThread
public class ConnectResource {
  private final CurrentCaller caller;
  private final ConnectService connections;
  private final ConsentPage page;
  private final ConnectPage questions;
  private final OAuthUrls urls;
  private final CurrentVertxRequest http;

  ConnectResource(
      CurrentCaller caller,
      ConnectService connections,
      ConsentPage page,
      ConnectPage questions,
      OAuthUrls urls,
      CurrentVertxRequest http) {
    this.caller = caller;
    this.connections = connections;
    this.page = page;
    this.questions = questions;
    this.urls = urls;
    this.http = http;
  }

  /**
   * Asks a person whether to go to the site where the authorization server asks for access; an
   * error is shown as a page.
   */
  @GET
  @Produces({MediaType.TEXT_HTML, MediaType.WILDCARD})
  public RestResponse<String> connect(
      @BeanParam ProfileSlug profile,
      @RestPath String name,
      @RestQuery @Nullable String register,
      @Context HttpHeaders headers)
      throws InterruptedException {
    return begun(profile, name, register, null, headers);
  }

  /**
   * Redirects a person who has confirmed the site at which to grant access. If it is another one by
   * now, the person is asked again.
   */
  @POST
  @Consumes(MediaType.WILDCARD)
  @Produces({MediaType.TEXT_HTML, MediaType.WILDCARD})
  public RestResponse<String> confirm(
      @BeanParam ProfileSlug profile,
      @RestPath String name,
      @RestQuery @Nullable String register,
      @RestQuery @Nullable String site,
      @Context HttpHeaders headers)
      throws InterruptedException {
    return begun(profile, name, register, site, headers);
  }

  private RestResponse<String> begun(
      ProfileSlug profile,
      String name,
      @Nullable String register,
      @Nullable String site,
      HttpHeaders headers)
      throws InterruptedException {
    OwnClient own = new OwnClient(urls.base(http.getCurrent().request()));
    try {
      ConnectFlows.ConnectRequest wanted =
          new ConnectFlows.ConnectRequest(own, QueryFlag.of("register", register), site);
      return switch (connections.begin(caller.get(), profile, name, wanted)) {
        case ConnectFlows.Step.ToServer to ->
            RestResponse.ResponseBuilder.<String>create(RestResponse.Status.SEE_OTHER)
                .location(to.address())
                .header(HttpHeaders.CACHE_CONTROL, "no-store")
                .header("Referrer-Policy", "no-referrer")
                .build();
        case ConnectFlows.Step.Question question ->
            questions.ask(
                profile.named(caller.get()), name, question, QueryFlag.of("register", register));
      };
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
