package dev.errand.identity.oauth;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.ws.rs.container.ContainerRequestContext;
import java.net.URI;
import java.util.Optional;
import java.util.Set;
import org.jboss.resteasy.reactive.server.ServerRequestFilter;

/** Switches the built-in authorization server off where another one is configured. */
@ApplicationScoped
class OtherIssuer {
  private static final Set<String> BUILT_IN =
      Set.of(
          OAuthUrls.AUTHORIZE,
          OAuthUrls.TOKEN,
          OAuthUrls.REVOKE,
          OAuthUrls.REGISTER,
          OAuthUrls.SERVER_METADATA);

  private final Optional<URI> issuer;

  OtherIssuer(OAuthConfig config) {
    this.issuer = config.issuer();
  }

  @ServerRequestFilter
  void check(ContainerRequestContext request) {
    String path = request.getUriInfo().getPath().replaceFirst("/+$", "");
    if (issuer.isPresent() && BUILT_IN.contains(path)) {
      throw OAuthException.notFound(
          "The access tokens of this service come from %s.".formatted(issuer.get()));
    }
  }
}
