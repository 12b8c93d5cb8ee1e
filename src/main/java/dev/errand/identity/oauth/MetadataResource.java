package dev.errand.identity.oauth;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.quarkus.runtime.annotations.RegisterForReflection;
import io.quarkus.vertx.http.runtime.CurrentVertxRequest;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import java.net.URI;
import java.util.List;
import org.jboss.resteasy.reactive.RestPath;
import org.jspecify.annotations.Nullable;

/** The metadata from which clients learn how to get a token: of the resources and their server. */
@Path("/.well-known")
@Produces(MediaType.APPLICATION_JSON)
public class MetadataResource {
  private final OAuthUrls urls;
  private final OAuthConfig config;
  private final CurrentVertxRequest http;

  MetadataResource(OAuthUrls urls, OAuthConfig config, CurrentVertxRequest http) {
    this.urls = urls;
    this.config = config;
    this.http = http;
  }

  /** The metadata of a protected resource (RFC 9728). */
  @RegisterForReflection
  public record ProtectedResource(
      String resource,
      List<String> authorizationServers,
      List<String> scopesSupported,
      List<String> bearerMethodsSupported,
      String resourceName) {}

  /**
   * The metadata of the authorization server (RFC 8414).
   *
   * @param registrationEndpoint null where clients may not register themselves
   */
  @RegisterForReflection
  @JsonInclude(JsonInclude.Include.NON_NULL)
  public record AuthorizationServer(
      String issuer,
      String authorizationEndpoint,
      String tokenEndpoint,
      @Nullable String registrationEndpoint,
      String revocationEndpoint,
      List<String> scopesSupported,
      List<String> responseTypesSupported,
      List<String> responseModesSupported,
      List<String> grantTypesSupported,
      List<String> tokenEndpointAuthMethodsSupported,
      List<String> revocationEndpointAuthMethodsSupported,
      List<String> codeChallengeMethodsSupported,
      boolean authorizationResponseIssParameterSupported,
      boolean clientIdMetadataDocumentSupported) {}

  /** The resource of a client that names none. */
  @GET
  @Path("oauth-protected-resource")
  public ProtectedResource defaultResource() {
    return describe(McpAddress.DEFAULT);
  }

  /** A resource; the answer does not reveal whether its profile exists. */
  @GET
  @Path("oauth-protected-resource/{resource:.+}")
  public ProtectedResource resource(@RestPath String resource) {
    // As it was sent: the answer has to contain the address that the client requested.
    String path = String.valueOf(http.getCurrent().request().path());
    return describe(
        McpAddress.ofPath(path.replaceFirst("^" + OAuthUrls.RESOURCE_METADATA, ""))
            .orElseThrow(() -> OAuthException.notFound("There is no such resource here.")));
  }

  private ProtectedResource describe(McpAddress resource) {
    String base = base();
    String issuer = config.issuer().map(URI::toString).orElse(base);
    return new ProtectedResource(
        base + resource.raw(), List.of(issuer), OAuthScopes.names(), List.of("header"), "Errand");
  }

  /** The authorization server. */
  @GET
  @Path("oauth-authorization-server")
  public AuthorizationServer server() {
    String base = base();
    List<String> methods = List.of("none", "client_secret_basic", "client_secret_post");
    return new AuthorizationServer(
        base,
        base + OAuthUrls.AUTHORIZE,
        base + OAuthUrls.TOKEN,
        config.registration() ? base + OAuthUrls.REGISTER : null,
        base + OAuthUrls.REVOKE,
        OAuthScopes.names(),
        List.of("code"),
        List.of("query"),
        List.of("authorization_code", "refresh_token"),
        methods,
        methods,
        List.of("S256"),
        true,
        true);
  }

  private String base() {
    return urls.base(http.getCurrent().request());
  }
}
