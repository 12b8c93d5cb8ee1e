package dev.errand.identity.oidc;

import dev.errand.base.error.ApiException;
import dev.errand.base.error.ErrorCode;
import dev.errand.base.http.PublicUrl;
import dev.errand.identity.page.SignInPageResource;
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
import org.jboss.resteasy.reactive.RestQuery;
import org.jboss.resteasy.reactive.RestResponse;
import org.jspecify.annotations.Nullable;

/**
 * Redirects a browser whose session has ended to the provider, to sign out there, too (OpenID
 * Connect RP-Initiated Logout 1.0). It does not end a session here.
 */
@Path(OidcSignOutLink.PATH)
@Produces({MediaType.TEXT_HTML, MediaType.WILDCARD})
@RunOnVirtualThread
public class OidcSignOutResource {
  private final OidcFlow flow;
  private final OidcSignOutLink link;
  private final OidcAnswers answers;
  private final PublicUrl url;
  private final CurrentVertxRequest http;

  OidcSignOutResource(
      OidcFlow flow,
      OidcSignOutLink link,
      OidcAnswers answers,
      PublicUrl url,
      CurrentVertxRequest http) {
    this.flow = flow;
    this.link = link;
    this.answers = answers;
    this.url = url;
    this.http = http;
  }

  /**
   * Redirects to the provider, or to the sign-in page where the provider has no address to sign
   * out.
   *
   * @param hint what names the person there; null where that is not known
   */
  @GET
  public RestResponse<String> signOut(@RestQuery @Nullable String hint, @Context UriInfo uri) {
    RoutingContext request = http.getCurrent();
    URI home = url.resolve(SignInPageResource.PATH, uri::getBaseUri);
    try {
      String end = flow.provider(request).getMetadata().getEndSessionUri();
      return answers.redirect(end == null ? home : link.at(end, home, hint)).build();
    } catch (ApiException e) {
      return answers.refused(request, withState(e));
    }
  }

  private static ApiException withState(ApiException failure) {
    return failure.code() == ErrorCode.UNAVAILABLE
        ? new ApiException(
            failure.code(),
            "You are signed out here, but perhaps not at the provider. " + failure.getMessage(),
            failure.errors(),
            failure.headers())
        : failure;
  }
}
