package dev.errand.tools.mcp.oauth;

import com.fasterxml.jackson.databind.JsonNode;
import dev.errand.base.egress.address.EgressRefusedException;
import dev.errand.base.egress.address.Target;
import dev.errand.base.json.WellFormed;
import dev.errand.tools.mcp.wire.McpClient;
import dev.errand.tools.mcp.wire.McpEndpoint;
import dev.errand.tools.mcp.wire.McpException;
import jakarta.enterprise.context.ApplicationScoped;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Discovers the authorization server of an MCP server: by its answer to a request without a token,
 * by the metadata of the resource (RFC 9728) and by that of the authorization server.
 */
@ApplicationScoped
public class ServerDiscovery {
  private static final Duration TIME = Duration.ofSeconds(20);
  private static final int MOST_OF_A_NAME = 200;
  private static final int MOST_BYTES = 1024 * 1024;
  private static final String RESOURCE_METADATA = "/.well-known/oauth-protected-resource";
  private static final String SERVER_METADATA = "/.well-known/oauth-authorization-server";
  private static final String OPENID_METADATA = "/.well-known/openid-configuration";

  private final McpClient client;
  private final OAuthHttp http;

  ServerDiscovery(McpClient client, OAuthHttp http) {
    this.client = client;
    this.http = http;
  }

  /**
   * The result of a discovery.
   *
   * @param resource the MCP server as tokens name it (RFC 8707)
   * @param scope the scopes that the MCP server's challenge names, or else those that the
   *     authorization server knows; null where neither names any
   */
  public record DiscoveredServer(
      String resource, AuthorizationServer server, @Nullable String scope) {}

  /**
   * Discovers the authorization server.
   *
   * @throws CredentialException where it names no authorization server that can be used
   */
  public DiscoveredServer find(String url) throws CredentialException, InterruptedException {
    BearerChallenge challenge = challenge(url);
    boolean mayBePlain = OAuthHttp.isPlain(url);
    Optional<JsonNode> metadata = resource(url, challenge, mayBePlain);
    if (metadata.isEmpty()) {
      // Before metadata of resources existed, a server was its own authorization server.
      String origin = OAuthHttp.origin(url);
      return new DiscoveredServer(
          url,
          server(origin, mayBePlain)
              .orElseThrow(
                  () ->
                      CredentialException.lasting(
                          ("%s does not name its authorization server: install it with \"auth\":"
                                  + " \"none\" or \"headers\".")
                              .formatted(OAuthHttp.shown(url)))),
          challenge.scope().orElse(null));
    }
    JsonNode found = metadata.get();
    String resource = found.path("resource").asText();
    if (!isOf(url, resource)) {
      throw CredentialException.lasting(
          "The metadata of %s belongs to another resource, `%s`: ask the operator of the server, or install the address that it names."
              .formatted(OAuthHttp.shown(url), WellFormed.cut(resource, MOST_OF_A_NAME)));
    }
    List<String> servers = AuthorizationServer.texts(found.path("authorization_servers"));
    if (servers.isEmpty()) {
      throw CredentialException.lasting(
          "The metadata of %s names no authorization server.".formatted(OAuthHttp.shown(url)));
    }
    String issuer = OAuthHttp.checked(servers.getFirst(), mayBePlain);
    List<String> scopes = AuthorizationServer.texts(found.path("scopes_supported"));
    return new DiscoveredServer(
        resource,
        server(issuer, mayBePlain)
            .orElseThrow(
                () ->
                    CredentialException.lasting(
                        "The authorization server %s has no metadata."
                            .formatted(OAuthHttp.shown(issuer)))),
        challenge.scope().orElse(scopes.isEmpty() ? null : String.join(" ", scopes)));
  }

  // Some servers list their tools without a token, and only require one for calls.
  private BearerChallenge challenge(String url) throws CredentialException, InterruptedException {
    try (McpClient.Listing _ = client.list(new McpEndpoint(url, Map.of()), TIME, MOST_BYTES)) {
      return BearerChallenge.NONE;
    } catch (McpException e) {
      return switch (e.kind()) {
        case UNAUTHORIZED, ERROR, UNUSABLE -> BearerChallenge.of(e.challenge());
        case REFUSED -> throw CredentialException.lasting(e.sentence());
        case UNREACHED, BUSY, BROKEN -> throw CredentialException.passing(e.sentence());
      };
    }
  }

  private Optional<JsonNode> resource(String url, BearerChallenge challenge, boolean mayBePlain)
      throws CredentialException, InterruptedException {
    Optional<String> named = challenge.resourceMetadata();
    if (named.isPresent()) {
      return Optional.of(
          document(OAuthHttp.checked(named.get(), mayBePlain))
              .orElseThrow(
                  () ->
                      CredentialException.lasting(
                          "%s names an address for the metadata of its authorization, but there is none: ask the operator of the server."
                              .formatted(OAuthHttp.shown(url)))));
    }
    String path = path(url);
    if (!path.isEmpty()) {
      Optional<JsonNode> below = document(OAuthHttp.origin(url) + RESOURCE_METADATA + path);
      if (below.isPresent()) {
        return below;
      }
    }
    return document(OAuthHttp.origin(url) + RESOURCE_METADATA);
  }

  private Optional<AuthorizationServer> server(String issuer, boolean mayBePlain)
      throws CredentialException, InterruptedException {
    String path = path(issuer);
    String origin = OAuthHttp.origin(issuer);
    List<String> places =
        path.isEmpty()
            ? List.of(origin + SERVER_METADATA, origin + OPENID_METADATA)
            : List.of(
                origin + SERVER_METADATA + path,
                origin + OPENID_METADATA + path,
                origin + path + OPENID_METADATA);
    for (String place : places) {
      Optional<JsonNode> metadata = document(place);
      if (metadata.isPresent()) {
        return Optional.of(AuthorizationServer.of(metadata.get(), issuer, mayBePlain));
      }
    }
    return Optional.empty();
  }

  private Optional<JsonNode> document(String url) throws CredentialException, InterruptedException {
    OAuthHttp.Answer answer = http.get(url);
    if (answer.status() >= 500 || answer.status() == 429) {
      throw CredentialException.passing(
          "%s answered with status %d when it was asked for its metadata."
              .formatted(OAuthHttp.shown(url), answer.status()));
    }
    return answer.isSuccess() ? Optional.of(answer.body()) : Optional.empty();
  }

  /**
   * Whether metadata of a resource is that of a server: servers name themselves by their address,
   * or by the part of it below which all of them are one resource.
   */
  static boolean isOf(String url, String resource) {
    try {
      if (!Target.parse(resource).origin().equals(Target.parse(url).origin())) {
        return false;
      }
      String whole = path(resource);
      String own = path(url);
      return own.equals(whole) || own.startsWith(whole + "/");
    } catch (EgressRefusedException | CredentialException e) {
      return false;
    }
  }

  // Without a query, and without a slash at its end.
  private static String path(String url) throws CredentialException {
    try {
      String path = URI.create(url).getRawPath();
      return path == null ? "" : path.replaceFirst("/+$", "");
    } catch (IllegalArgumentException e) {
      throw CredentialException.lasting("The address can't be read.");
    }
  }
}
