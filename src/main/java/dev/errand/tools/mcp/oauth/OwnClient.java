package dev.errand.tools.mcp.oauth;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.errand.base.json.Json;
import java.net.URI;

/**
 * This service as a client of authorization servers, with its public address.
 *
 * @param base the base of the service, without a slash at its end
 */
public record OwnClient(String base) {
  /** Where the document of the client is (OAuth Client ID Metadata Document). */
  public static final String DOCUMENT = "/oauth/client.json";

  /** Its address with that path. */
  public String address(String path) {
    return base + path;
  }

  /** The address of its document, which is its client id for servers that read documents. */
  public String documentUrl() {
    return base + DOCUMENT;
  }

  /** Whether a server on another machine may be able to read the document. */
  public boolean hasDocument() {
    return base.startsWith("https://") && !isLocal();
  }

  /** Its metadata for a registration (RFC 7591, section 2) and for its document. */
  ObjectNode metadata(Json json, String redirectUri) {
    ObjectNode metadata = json.object();
    metadata.put("client_name", "Errand at " + URI.create(base).getAuthority());
    metadata.put("client_uri", base);
    metadata.putArray("redirect_uris").add(redirectUri);
    metadata.putArray("grant_types").add("authorization_code").add("refresh_token");
    metadata.putArray("response_types").add("code");
    // OpenID Connect Registration allows a redirect to the local device only for native clients.
    metadata.put("application_type", isLocal() ? "native" : "web");
    return metadata;
  }

  /**
   * The document. Since everybody knows its address, it is only used with issuers that name
   * themselves in their answers, and lists no other redirect address than theirs.
   */
  public ObjectNode document(Json json) {
    return metadata(json, address(RedirectPath.SHARED))
        .put("client_id", documentUrl())
        .put("token_endpoint_auth_method", ClientIdentity.NONE);
  }

  private boolean isLocal() {
    String host = String.valueOf(URI.create(base).getHost());
    return host.equals("localhost") || host.equals("[::1]") || host.startsWith("127.");
  }
}
