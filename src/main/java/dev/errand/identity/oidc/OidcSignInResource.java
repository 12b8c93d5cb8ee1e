package dev.errand.identity.oidc;

import dev.errand.base.error.ApiException;
import dev.errand.base.http.PublicUrl;
import dev.errand.identity.oidc.OidcFlow.Step;
import dev.errand.identity.oidc.user.OidcUsers;
import dev.errand.identity.page.SignInPage;
import dev.errand.identity.page.SignInPageResource;
import dev.errand.identity.signin.Client;
import dev.errand.identity.signin.SessionCookie;
import dev.errand.identity.signin.SignedIn;
import io.quarkus.vertx.http.runtime.CurrentVertxRequest;
import io.smallrye.common.annotation.RunOnVirtualThread;
import io.vertx.ext.web.RoutingContext;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.UriInfo;
import java.net.URI;
import java.util.Map;
import org.jboss.resteasy.reactive.RestResponse;
import org.jboss.resteasy.reactive.RestResponse.ResponseBuilder;

/** Sign-in by OIDC: the address that leads to the provider, and that it leads back to. */
@Path(OidcTenant.PATH)
@Produces({MediaType.TEXT_HTML, MediaType.WILDCARD})
@RunOnVirtualThread
public class OidcSignInResource {
  private final OidcFlow flow;
  private final OidcUsers users;
  private final SessionCookie cookie;
  private final SignInPage page;
  private final PublicUrl url;
  private final CurrentVertxRequest http;

  OidcSignInResource(
      OidcFlow flow,
      OidcUsers users,
      SessionCookie cookie,
      SignInPage page,
      PublicUrl url,
      CurrentVertxRequest http) {
    this.flow = flow;
    this.users = users;
    this.cookie = cookie;
    this.page = page;
    this.url = url;
    this.http = http;
  }

  /** Begins a sign-in, or completes it: the browser then has a session, and is on the page. */
  @GET
  public RestResponse<String> signIn(@Context UriInfo uri) {
    RoutingContext request = http.getCurrent();
    try {
      return switch (flow.next(request)) {
        case Step.ToProvider to -> redirect(URI.create(to.url())).build();
        case Step.Back back -> {
          SignedIn session = users.signIn(back.person(), Client.of(request.request()));
          yield redirect(home(uri)).cookie(cookie.of(session, uri)).build();
        }
      };
    } catch (ApiException e) {
      return refused(request, e);
    }
  }

  private URI home(UriInfo uri) {
    String base = url.orElse(uri::getBaseUri).toString();
    return URI.create(base + (base.endsWith("/") ? "" : "/") + SignInPageResource.PATH);
  }

  private static ResponseBuilder<String> redirect(URI to) {
    return ResponseBuilder.<String>create(RestResponse.Status.FOUND)
        .header(HttpHeaders.CACHE_CONTROL, "no-store")
        .header("Referrer-Policy", "no-referrer")
        .location(to);
  }

  // A browser gets the page with the sentence, and whatever else asks the problem document.
  private RestResponse<String> refused(RoutingContext request, ApiException refusal) {
    String accept = request.request().getHeader(HttpHeaders.ACCEPT);
    if (accept == null || !accept.contains(MediaType.TEXT_HTML)) {
      throw refusal;
    }
    ResponseBuilder<String> answer =
        page.answer(refusal.code().status(), "../", refusal.getMessage());
    for (Map.Entry<String, String> field : refusal.headers().entrySet()) {
      answer.header(field.getKey(), field.getValue());
    }
    return answer.build();
  }
}
