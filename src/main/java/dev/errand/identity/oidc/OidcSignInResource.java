package dev.errand.identity.oidc;

import dev.errand.base.error.ApiException;
import dev.errand.base.http.PublicUrl;
import dev.errand.identity.oidc.OidcFlow.SignInStep;
import dev.errand.identity.page.SignInPageResource;
import dev.errand.identity.signin.SessionCookie;
import dev.errand.identity.signin.SignInDevice;
import dev.errand.identity.signin.SignedIn;
import io.quarkus.vertx.http.runtime.CurrentVertxRequest;
import io.smallrye.common.annotation.RunOnVirtualThread;
import io.vertx.ext.web.RoutingContext;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.UriInfo;
import java.net.URI;
import org.jboss.resteasy.reactive.RestResponse;

/**
 * Sign-in by OIDC: the address that redirects to the provider, and to which the provider redirects
 * back.
 */
@Path(OidcTenant.PATH)
@Produces({MediaType.TEXT_HTML, MediaType.WILDCARD})
@RunOnVirtualThread
public class OidcSignInResource {
  private final OidcFlow flow;
  private final OidcUsers users;
  private final SessionCookie cookie;
  private final OidcAnswers answers;
  private final OidcReturn returns;
  private final PublicUrl url;
  private final CurrentVertxRequest http;

  OidcSignInResource(
      OidcFlow flow,
      OidcUsers users,
      SessionCookie cookie,
      OidcAnswers answers,
      OidcReturn returns,
      PublicUrl url,
      CurrentVertxRequest http) {
    this.flow = flow;
    this.users = users;
    this.cookie = cookie;
    this.answers = answers;
    this.returns = returns;
    this.url = url;
    this.http = http;
  }

  /**
   * Begins a sign-in, or completes it: the browser then has a session, and is led to the page that
   * it asked for.
   */
  @GET
  public RestResponse<String> signIn(@Context UriInfo uri) {
    RoutingContext request = http.getCurrent();
    try {
      return switch (flow.next(request)) {
        case SignInStep.ToProvider to -> {
          returns.remember(request.request(), to.url());
          yield answers.redirect(URI.create(to.url())).build();
        }
        case SignInStep.Back back -> {
          String path = returns.take(request.request()).orElse(SignInPageResource.PATH);
          SignedIn session = users.signIn(back.person(), SignInDevice.of(request.request()));
          yield answers
              .redirect(url.resolve(path, uri::getBaseUri))
              .cookie(cookie.of(session, uri))
              .build();
        }
      };
    } catch (ApiException e) {
      return answers.refused(request, e);
    }
  }
}
