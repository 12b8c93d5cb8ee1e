package dev.errand.identity.oauth;

import dev.errand.base.http.PublicUrl;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.net.HostAndPort;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.Optional;

/** The absolute addresses that OAuth names: the issuer, its endpoints, and the resources. */
@ApplicationScoped
public class OAuthUrls {
  /** Where users grant access. */
  public static final String AUTHORIZE = "/oauth/authorize";

  /** Where codes and refresh tokens are exchanged. */
  public static final String TOKEN = "/oauth/token";

  /** Where tokens are revoked. */
  public static final String REVOKE = "/oauth/revoke";

  /** Where clients register themselves. */
  public static final String REGISTER = "/oauth/register";

  /** Where the metadata of resources is; the path of a resource follows. */
  public static final String RESOURCE_METADATA = "/.well-known/oauth-protected-resource";

  /** Where the metadata of the authorization server is. */
  public static final String SERVER_METADATA = "/.well-known/oauth-authorization-server";

  private final PublicUrl url;

  OAuthUrls(PublicUrl url) {
    this.url = url;
  }

  /**
   * The base of the service, which is also the issuer: {@code errand.url}, or else the address of
   * the request.
   *
   * @return without a slash at the end
   */
  public String base(HttpServerRequest request) {
    String base = url.configured().map(Object::toString).orElseGet(() -> ofRequest(request));
    return base.endsWith("/") ? base.substring(0, base.length() - 1) : base;
  }

  private static String ofRequest(HttpServerRequest request) {
    HostAndPort authority = request.authority();
    return request.scheme() + "://" + (authority == null ? "localhost" : authority.toString());
  }

  /** The resource that a client names by its address; empty where it is none of this service. */
  public Optional<McpAddress> resource(String address, HttpServerRequest request) {
    return McpAddress.ofUrl(address, base(request));
  }
}
