package dev.errand.tools.mcp.oauth;

import com.fasterxml.jackson.databind.JsonNode;
import io.quarkus.runtime.annotations.RegisterForReflection;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The metadata of an authorization server (RFC 8414, or OpenID Connect Discovery 1.0).
 *
 * @param registrationEndpoint where clients register themselves (RFC 7591); null for nowhere
 * @param revocationEndpoint where tokens are revoked (RFC 7009); null for nowhere
 * @param authMethods how clients may authenticate at the token endpoint; empty where it names none
 * @param scopes the scopes that it knows; empty where it names none
 * @param namesIssuer whether its answers name it (RFC 9207)
 * @param readsDocuments whether it accepts the address of a document as a client's id
 */
@RegisterForReflection
public record AuthorizationServer(
    String issuer,
    String authorizationEndpoint,
    String tokenEndpoint,
    @Nullable String registrationEndpoint,
    @Nullable String revocationEndpoint,
    List<String> authMethods,
    List<String> scopes,
    boolean namesIssuer,
    boolean readsDocuments) {
  public AuthorizationServer {
    authMethods = List.copyOf(authMethods);
    scopes = List.copyOf(scopes);
  }

  /**
   * Reads its metadata.
   *
   * @param mayBePlain whether its addresses may be plain http
   * @throws CredentialException where it is another one, or can't be used
   */
  static AuthorizationServer of(JsonNode metadata, String issuer, boolean mayBePlain)
      throws CredentialException {
    if (!metadata.path("issuer").asText().equals(issuer)) {
      throw CredentialException.lasting(
          "The metadata of the authorization server %s names another server and is not used."
              .formatted(OAuthHttp.shown(issuer)));
    }
    if (!texts(metadata.path("code_challenge_methods_supported")).contains("S256")) {
      throw CredentialException.lasting(
          "The authorization server %s does not declare support for PKCE with S256, without which"
                  .formatted(OAuthHttp.shown(issuer))
              + " no access is requested.");
    }
    return new AuthorizationServer(
        issuer,
        OAuthHttp.checked(required(metadata, "authorization_endpoint", issuer), mayBePlain),
        OAuthHttp.checked(required(metadata, "token_endpoint", issuer), mayBePlain),
        optional(metadata, "registration_endpoint", mayBePlain),
        optional(metadata, "revocation_endpoint", mayBePlain),
        texts(metadata.path("token_endpoint_auth_methods_supported")),
        texts(metadata.path("scopes_supported")),
        metadata.path("authorization_response_iss_parameter_supported").asBoolean(false),
        metadata.path("client_id_metadata_document_supported").asBoolean(false));
  }

  /** The address to which a person is redirected. */
  public URI authorizationAddress(Map<String, String> query) {
    String separator = authorizationEndpoint.contains("?") ? "&" : "?";
    return URI.create(
        authorizationEndpoint.replaceFirst("#.*", "") + separator + OAuthHttp.form(query));
  }

  /**
   * Whether access is asked for elsewhere than at the issuer: the authorization endpoint has not
   * the scheme, host and port of the issuer. Without a list of public suffixes, nothing tells
   * whether two hosts belong together.
   */
  boolean mayLeadElsewhere() {
    return !OAuthHttp.isSameOrigin(authorizationEndpoint, issuer);
  }

  private static String required(JsonNode metadata, String name, String issuer)
      throws CredentialException {
    String value = metadata.path(name).textValue();
    if (value == null) {
      throw CredentialException.lasting(
          "The metadata of the authorization server %s has no %s."
              .formatted(OAuthHttp.shown(issuer), name));
    }
    return value;
  }

  private static @Nullable String optional(JsonNode metadata, String name, boolean mayBePlain)
      throws CredentialException {
    String value = metadata.path(name).textValue();
    return value == null ? null : OAuthHttp.checked(value, mayBePlain);
  }

  /** The texts of a list; other items are ignored. */
  static List<String> texts(JsonNode list) {
    List<String> texts = new ArrayList<>();
    list.forEach(
        item -> {
          if (item.isTextual()) {
            texts.add(item.asText());
          }
        });
    return texts;
  }
}
