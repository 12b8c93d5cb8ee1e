package dev.errand.identity.oauth.resource;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.ws.rs.container.ContainerRequestContext;
import java.net.URI;
import java.util.Optional;
import org.jboss.resteasy.reactive.server.ServerRequestFilter;

/** Switches the built-in authorization server off where another one is configured. */
@ApplicationScoped
class OtherIssuer {
  private static final String BUILT_IN = "/oauth/";

  private final Optional<URI> issuer;

  OtherIssuer(OAuthConfig config) {
    this.issuer = config.issuer();
  }

  @ServerRequestFilter
  void check(ContainerRequestContext request) {
    String path = request.getUriInfo().getPath();
    if (issuer.isPresent()
        && (path.startsWith(BUILT_IN) || path.equals(OAuthUrls.SERVER_METADATA))) {
      throw OAuthException.notFound(
          "The access tokens of this service come from %s.".formatted(issuer.get()));
    }
  }
}
