package dev.errand.identity.oauth;

import dev.errand.base.error.ApiException;
import dev.errand.base.http.PublicUrl;
import dev.errand.identity.account.Caller;
import dev.errand.identity.account.CurrentCaller;
import dev.errand.identity.account.Rights;
import dev.errand.identity.oidc.LinkedUsers;
import io.quarkus.runtime.StartupEvent;
import io.quarkus.runtime.configuration.ConfigurationException;
import io.vertx.core.http.HttpServerRequest;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.regex.Pattern;

/**
 * Recognises the access tokens of the authorization server that is configured in place of the
 * built-in one. They are not stored: they are valid until they expire, at the one MCP endpoint that
 * is their audience.
 */
@ApplicationScoped
public class IssuedTokens {
  private static final Pattern JWT = Pattern.compile("eyJ[\\w-]+\\.[\\w-]+\\.[\\w-]*");
  private static final String MAIL = "email";

  private final OAuthConfig config;
  private final PublicUrl url;
  private final OAuthUrls urls;
  private final IssuedTokenReader reader;
  private final LinkedUsers users;

  IssuedTokens(
      OAuthConfig config,
      PublicUrl url,
      OAuthUrls urls,
      IssuedTokenReader reader,
      LinkedUsers users) {
    this.config = config;
    this.url = url;
    this.urls = urls;
    this.reader = reader;
    this.users = users;
  }

  void start(@Observes StartupEvent event) {
    check(config, url.configured());
  }

  static void check(OAuthConfig config, Optional<URI> url) {
    if (config.issuer().isEmpty()) {
      return;
    }
    if (url.isEmpty()) {
      // The address in a request can be set freely by its sender.
      throw new ConfigurationException(
          "errand.oauth.issuer is set, and errand.url is missing: set it to the public address of"
              + " this service, for which that server issues its tokens.");
    }
    if (config.userClaim().filter(MAIL::equals).isPresent()) {
      throw new ConfigurationException(
          "errand.oauth.user-claim can't be email: email addresses change hands. Have the users"
              + " sign in by OIDC once, or name a claim with the names that they have here.");
    }
  }

  /** Whether a credential for a path is to be checked here. */
  public boolean judges(String credential, String path) {
    return config.issuer().isPresent()
        && McpAddress.isBelow(path)
        && JWT.matcher(credential).matches();
  }

  /**
   * The user for whom an access token was issued, with its rights. The token's id in these rights
   * identifies issuer, user and client together.
   *
   * @throws ApiException {@link dev.errand.base.error.ErrorCode#UNAUTHENTICATED} where it is
   *     refused, {@link dev.errand.base.error.ErrorCode#UNAVAILABLE} where it can't be checked now
   */
  public Caller callerOf(String credential, HttpServerRequest request) {
    IssuedToken token = reader.read(credential);
    checkAudience(token, request);
    String issuer = config.issuer().map(URI::toString).orElseThrow();
    Caller user = user(issuer, token);
    UUID id =
        UUID.nameUUIDFromBytes(
            String.join("\n", issuer, token.subject(), token.client())
                .getBytes(StandardCharsets.UTF_8));
    return user.byToken(
            new Rights.ByToken(id, token.expiresAt(), Rights.TokenKind.ISSUED),
            token.scopes(),
            Set.of(),
            Set.of())
        .byClient(OAuthClient.auditLabelOfIssued(token.client()));
  }

  private void checkAudience(IssuedToken token, HttpServerRequest request) {
    String path = request.path() == null ? "" : request.path();
    Optional<String> called = McpAddress.ofPath(path).map(McpAddress::path);
    boolean isForHere =
        token.audience().stream()
            .flatMap(address -> urls.resource(address, request).stream())
            .anyMatch(resource -> called.filter(resource.path()::equals).isPresent());
    if (!isForHere) {
      throw CurrentCaller.unauthenticated(
          "The access token is not for this address: its audience has to be %s%s."
              .formatted(urls.base(request), called.orElse(McpAddress.DEFAULT.path())));
    }
  }

  private Caller user(String issuer, IssuedToken token) {
    Optional<Caller> linked = users.find(issuer, token.subject());
    String name = token.username();
    return linked
        .or(() -> name == null ? Optional.empty() : users.named(name))
        .orElseThrow(
            () ->
                CurrentCaller.unauthenticated(
                    "No user is known for the subject of the access token: sign in by"
                        + " OIDC once."));
  }
}
