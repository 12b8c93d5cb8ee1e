package dev.errand.identity.oauth;

import dev.errand.base.error.ApiException;
import dev.errand.identity.account.Caller;
import dev.errand.identity.account.Scope;
import dev.errand.identity.profile.Profile;
import dev.errand.identity.profile.ProfileAccess;
import dev.errand.identity.profile.ProfileSlug;
import dev.errand.identity.profile.Right;
import io.netty.handler.codec.http.QueryStringDecoder;
import io.vertx.core.http.HttpServerRequest;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Reads and checks authorization requests (OAuth 2.1, section 4.1.1). */
@ApplicationScoped
class AuthorizationRequests {
  private static final int LONGEST = 8000;
  private static final List<String> ONCE =
      List.of(
          "response_type",
          "client_id",
          "redirect_uri",
          "scope",
          "state",
          "code_challenge",
          "code_challenge_method",
          "response_mode",
          "prompt");

  private final ClientStore clients;
  private final ClientDocuments documents;
  private final OAuthUrls urls;
  private final ProfileAccess profiles;

  AuthorizationRequests(
      ClientStore clients, ClientDocuments documents, OAuthUrls urls, ProfileAccess profiles) {
    this.clients = clients;
    this.documents = documents;
    this.urls = urls;
    this.profiles = profiles;
  }

  /**
   * Reads a request for access. Blocks the calling thread, since it may fetch the document of the
   * client.
   *
   * @param http the current request, from which the base of the service is read
   */
  AuthorizationRequest read(String query, HttpServerRequest http, Caller caller) {
    if (query.length() > LONGEST) {
      throw AuthorizationException.onPage("The request is too long.");
    }
    Map<String, List<String>> parameters = parameters(query);
    String base = urls.base(http);
    OAuthClient client = client(parameters, caller);
    AnswerTarget target =
        new AnswerTarget(redirectUri(parameters, client), state(parameters), base);
    for (String name : ONCE) {
      if (parameters.getOrDefault(name, List.of()).size() > 1) {
        throw refused(target, "invalid_request", name + " stands there more than once.");
      }
    }
    checkForm(parameters, target);
    String challenge = one(parameters, "code_challenge");
    if (!Pkce.METHOD.equals(one(parameters, "code_challenge_method"))
        || challenge == null
        || !Pkce.isChallenge(challenge)) {
      throw refused(
          target,
          "invalid_request",
          "PKCE is required: code_challenge with code_challenge_method S256.");
    }
    return new AuthorizationRequest(
        client, target, scopes(parameters, target), resource(parameters, target, http), challenge);
  }

  /**
   * The profile that the endpoint of a request names.
   *
   * @return empty for the endpoint that names none
   * @throws AuthorizationException where the user may not see it
   */
  Optional<Profile> profile(AuthorizationRequest request, Caller caller) {
    ProfileSlug slug = request.resource().profile();
    if (slug == null) {
      return Optional.empty();
    }
    try {
      return Optional.of(profiles.require(caller, slug, Right.SEE));
    } catch (ApiException e) {
      throw AuthorizationException.onPage(String.valueOf(e.getMessage()));
    }
  }

  private static Map<String, List<String>> parameters(String query) {
    try {
      return new QueryStringDecoder("?" + query).parameters();
    } catch (IllegalArgumentException e) {
      throw AuthorizationException.onPage("The request can't be read.");
    }
  }

  private OAuthClient client(Map<String, List<String>> parameters, Caller caller) {
    String id = one(parameters, "client_id");
    if (id == null || parameters.getOrDefault("client_id", List.of()).size() > 1) {
      throw AuthorizationException.onPage("The request does not name one client: client_id.");
    }
    if (ClientDocuments.isDocument(id)) {
      try {
        return documents.read(id, caller.id());
      } catch (ClientDocuments.RefusedException e) {
        throw AuthorizationException.onPage(String.valueOf(e.getMessage()));
      }
    }
    return clients
        .find(id)
        .orElseThrow(
            () ->
                AuthorizationException.onPage(
                    "The client is unknown, or was not used for a day: remove the connection"
                        + " in the program that opened this page, and create it again."));
  }

  private static String redirectUri(Map<String, List<String>> parameters, OAuthClient client) {
    List<String> given = parameters.getOrDefault("redirect_uri", List.of());
    if (given.isEmpty() && client.redirectUris().size() == 1) {
      return client.redirectUris().getFirst();
    }
    if (given.size() != 1 || !client.allows(given.getFirst())) {
      throw AuthorizationException.onPage(
          "The answer would lead to an address that the client has not registered: redirect_uri.");
    }
    return given.getFirst();
  }

  private static @Nullable String state(Map<String, List<String>> parameters) {
    List<String> given = parameters.getOrDefault("state", List.of());
    return given.size() == 1 ? given.getFirst() : null;
  }

  private static void checkForm(Map<String, List<String>> parameters, AnswerTarget target) {
    if (parameters.containsKey("request")) {
      throw refused(target, "request_not_supported", "request is not supported.");
    }
    if (parameters.containsKey("request_uri")) {
      throw refused(target, "request_uri_not_supported", "request_uri is not supported.");
    }
    if (!"code".equals(one(parameters, "response_type"))) {
      throw refused(target, "unsupported_response_type", "response_type is code here.");
    }
    String mode = one(parameters, "response_mode");
    if (mode != null && !mode.equals("query")) {
      throw refused(target, "invalid_request", "response_mode is query here.");
    }
    if ("none".equals(one(parameters, "prompt"))) {
      throw refused(target, "consent_required", "The user is always asked here.");
    }
  }

  private static Set<Scope> scopes(Map<String, List<String>> parameters, AnswerTarget target) {
    String words = one(parameters, "scope");
    if (words == null || words.isBlank()) {
      return OAuthScopes.USUAL;
    }
    Set<Scope> scopes = OAuthScopes.of(words);
    if (scopes.isEmpty()) {
      throw refused(
          target, "invalid_scope", "scope is some of " + String.join(" ", OAuthScopes.names()));
    }
    return scopes;
  }

  private McpAddress resource(
      Map<String, List<String>> parameters, AnswerTarget target, HttpServerRequest http) {
    List<String> given = parameters.getOrDefault("resource", List.of());
    if (given.isEmpty()) {
      return McpAddress.DEFAULT;
    }
    return Optional.of(given)
        .filter(resources -> resources.size() == 1)
        .flatMap(resources -> urls.resource(resources.getFirst(), http))
        .orElseThrow(
            () ->
                refused(target, "invalid_target", "resource is one MCP endpoint of this service."));
  }

  private static @Nullable String one(Map<String, List<String>> parameters, String name) {
    List<String> given = parameters.getOrDefault(name, List.of());
    return given.isEmpty() ? null : given.getFirst();
  }

  private static AuthorizationException refused(AnswerTarget target, String error, String detail) {
    return AuthorizationException.toClient(target, error, detail);
  }

  /**
   * A checked request of a client for access.
   *
   * @param scopes what it wants to do; at least one
   */
  record AuthorizationRequest(
      OAuthClient client,
      AnswerTarget target,
      Set<Scope> scopes,
      McpAddress resource,
      String challenge) {}
}
