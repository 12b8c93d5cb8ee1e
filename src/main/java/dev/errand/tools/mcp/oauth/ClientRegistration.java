package dev.errand.tools.mcp.oauth;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.errand.base.json.Json;
import dev.errand.base.json.WellFormed;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** Registers this service as a client of an authorization server (RFC 7591). */
@ApplicationScoped
public class ClientRegistration {
  private static final int MOST_OF_A_REASON = 300;

  private final OAuthHttp http;
  private final Json json;

  ClientRegistration(OAuthHttp http, Json json) {
    this.http = http;
    this.json = json;
  }

  /**
   * The result of a registration.
   *
   * @param expiresAt when its secret expires; null for never
   */
  public record Registered(ClientIdentity client, @Nullable Instant expiresAt) {}

  /**
   * Registers a client.
   *
   * @throws CredentialException where the server accepts no registration, so that a client has to
   *     be registered by hand
   */
  public Registered register(AuthorizationServer server, OwnClient own, String redirectUri)
      throws CredentialException, InterruptedException {
    String endpoint = server.registrationEndpoint();
    if (endpoint == null) {
      throw CredentialException.lasting(
          "%s only accepts clients that were registered there by hand: %s"
              .formatted(OAuthHttp.shown(server.issuer()), byHand(server, own)));
    }
    boolean isPublic =
        server.authMethods().isEmpty() || server.authMethods().contains(ClientIdentity.NONE);
    String method = isPublic ? ClientIdentity.NONE : ClientIdentity.of("", "", server).method();
    ObjectNode wanted = own.metadata(json, redirectUri).put("token_endpoint_auth_method", method);
    OAuthHttp.Answer answer = http.post(endpoint, wanted);
    JsonNode made = answer.body();
    String id = made.path("client_id").asText("");
    if (!answer.isSuccess() || id.isEmpty()) {
      throw refused(server, own, answer);
    }
    return new Registered(
        client(id, made.path("client_secret").textValue(), made, server), expiry(made));
  }

  private static ClientIdentity client(
      String id, @Nullable String secret, JsonNode made, AuthorizationServer server) {
    String method = made.path("token_endpoint_auth_method").asText("");
    return switch (method) {
      case ClientIdentity.BASIC, ClientIdentity.POST, ClientIdentity.NONE ->
          new ClientIdentity(id, secret, secret == null ? ClientIdentity.NONE : method);
      default -> ClientIdentity.of(id, secret, server);
    };
  }

  private static CredentialException refused(
      AuthorizationServer server, OwnClient own, OAuthHttp.Answer answer) {
    String why =
        answer.body().path("error_description").asText(answer.body().path("error").asText(""));
    String sentence =
        "%s did not register this service as a client (status %d%s): %s"
            .formatted(
                OAuthHttp.shown(server.issuer()),
                answer.status(),
                why.isBlank() ? "" : ", " + WellFormed.cut(why, MOST_OF_A_REASON),
                byHand(server, own));
    return answer.status() >= 500 || answer.status() == 429
        ? CredentialException.passing(sentence)
        : CredentialException.lasting(sentence);
  }

  private static String byHand(AuthorizationServer server, OwnClient own) {
    return ("register one with the redirect address %s, and send its id as mcp.oauth.client_id, and"
            + " its secret, if it has one, as mcp.oauth.client_secret.")
        .formatted(own.address(RedirectPath.of(server.issuer())));
  }

  // 0 means never.
  private static @Nullable Instant expiry(JsonNode made) {
    long seconds = made.path("client_secret_expires_at").asLong(0);
    return seconds <= 0 || seconds > Integer.MAX_VALUE * 2L ? null : Instant.ofEpochSecond(seconds);
  }
}
