package dev.errand.identity.oauth;

import com.fasterxml.jackson.databind.JsonNode;
import dev.errand.base.error.RetryDelay;
import dev.errand.base.http.ClientNetwork;
import dev.errand.base.json.Json;
import dev.errand.base.limit.RateBuckets;
import dev.errand.base.secret.RandomText;
import dev.errand.base.secret.Sha256;
import dev.errand.identity.oauth.RegistrationResource.Registered;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.transaction.Transactional;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Registers clients at their own request (RFC 7591). */
@ApplicationScoped
class Registration {
  /** The prefix of the ids of these clients, which names given by admins may not have. */
  static final String PREFIX = "dyn-";

  private static final Set<String> METHODS =
      Set.of("none", "client_secret_basic", "client_secret_post");
  private static final List<String> GRANT_TYPES = List.of("authorization_code", "refresh_token");

  private final ClientStore clients;
  private final RegistrationRoom room;
  private final OAuthConfig config;
  private final Json json;
  private final Clock clock;
  private final RateBuckets buckets;

  Registration(
      ClientStore clients, RegistrationRoom room, OAuthConfig config, Json json, Clock clock) {
    this.clients = clients;
    this.room = room;
    this.config = config;
    this.json = json;
    this.clock = clock;
    this.buckets = new RateBuckets(clock);
  }

  /**
   * Registers a client.
   *
   * @param body its metadata, as JSON; unknown fields are ignored
   * @param address from where
   * @throws OAuthException where registration is off, there were too many requests, or the metadata
   *     is not valid
   */
  @Transactional(dontRollbackOn = OAuthException.class)
  Registered register(byte[] body, String address) {
    if (!config.registration()) {
      throw OAuthException.notFound(
          "Clients can't register themselves here: an admin registers them by PUT"
              + " /api/oauth/clients/{name}.");
    }
    RateBuckets.Use use = buckets.use(ClientNetwork.of(address), config.registrationsPerMinute());
    if (!use.granted()) {
      throw OAuthException.tooOften(
          "Too many clients were registered. Retry in " + RetryDelay.seconds(use.pause()) + " s.",
          use.pause());
    }
    JsonNode metadata =
        json.parse(body)
            .filter(JsonNode::isObject)
            .orElseThrow(() -> invalid("The body is not a JSON object."));
    List<String> uris = redirectUris(metadata);
    String method = method(metadata);
    checkTypes(metadata);
    if (!room.take()) {
      throw OAuthException.later(
          "The limit of registered clients is reached, and all of them are used.",
          Duration.ofHours(1));
    }
    String secret = method.equals("none") ? null : ClientSecret.random();
    OAuthClient client =
        new OAuthClient(
            UUID.randomUUID(),
            PREFIX + RandomText.generate(),
            OAuthClient.Kind.REGISTERED,
            OAuthClient.nameIn(metadata, "A client without a name"),
            uris,
            secret == null ? null : Sha256.of(secret));
    clients.insert(client, ClientNetwork.wide(address));
    return answer(client, secret, method);
  }

  private Registered answer(OAuthClient client, @Nullable String secret, String method) {
    return new Registered(
        client.clientId(),
        clock.instant().getEpochSecond(),
        secret,
        secret == null ? null : 0L,
        client.name(),
        client.redirectUris(),
        method,
        GRANT_TYPES,
        List.of("code"),
        String.join(" ", OAuthScopes.names()));
  }

  private static List<String> redirectUris(JsonNode metadata) {
    List<String> uris = ClientDocuments.texts(metadata.path("redirect_uris"));
    if (uris == null) {
      throw OAuthException.of("invalid_redirect_uri", "redirect_uris must be a list of addresses.");
    }
    RedirectUris.problem(uris)
        .ifPresent(
            problem -> {
              throw OAuthException.of("invalid_redirect_uri", problem);
            });
    return uris;
  }

  private static String method(JsonNode metadata) {
    String method = metadata.path("token_endpoint_auth_method").asText("client_secret_basic");
    if (!METHODS.contains(method)) {
      throw invalid(
          "token_endpoint_auth_method must be none, client_secret_basic or client_secret_post.");
    }
    return method;
  }

  // Other grant types are left out of the answer, so that the client knows that they are not
  // supported.
  private static void checkTypes(JsonNode metadata) {
    if (lacks(metadata.path("grant_types"), "authorization_code")
        || lacks(metadata.path("response_types"), "code")) {
      throw invalid("A client must use authorization_code, with the response type code.");
    }
  }

  private static boolean lacks(JsonNode list, String wanted) {
    List<String> texts = ClientDocuments.texts(list);
    return !list.isMissingNode() && !list.isNull() && (texts == null || !texts.contains(wanted));
  }

  private static OAuthException invalid(String detail) {
    return OAuthException.of("invalid_client_metadata", detail);
  }
}
