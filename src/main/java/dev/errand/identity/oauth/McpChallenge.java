package dev.errand.identity.oauth;

import dev.errand.base.error.ApiException;
import dev.errand.base.error.ErrorCode;
import dev.errand.identity.account.Scope;
import io.vertx.core.http.HttpServerRequest;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Builds the {@code WWW-Authenticate} of MCP endpoints (RFC 6750 and RFC 9728, section 5.1). */
@ApplicationScoped
public class McpChallenge {
  private final OAuthUrls urls;

  McpChallenge(OAuthUrls urls) {
    this.urls = urls;
  }

  /** For a request without a credential. */
  public String missing(HttpServerRequest request) {
    return challenge(request, "", OAuthScopes.USUAL);
  }

  /** For a request whose credential is refused. */
  public String invalid(HttpServerRequest request) {
    return challenge(request, "error=\"invalid_token\", ", OAuthScopes.USUAL);
  }

  /**
   * The error of a request whose credential became invalid after the request was let in.
   *
   * @param refusal the error that other addresses answer with
   */
  public ApiException ended(HttpServerRequest request, ApiException refusal) {
    return new ApiException(
        refusal.code(),
        String.valueOf(refusal.getMessage()),
        refusal.errors(),
        Map.of("WWW-Authenticate", invalid(request)));
  }

  /**
   * The error of a request whose credential lacks scopes; its answer names all scopes that the
   * client needs, including those that it has.
   */
  public ApiException insufficientScope(
      HttpServerRequest request, Set<Scope> has, Set<Scope> lacking) {
    EnumSet<Scope> all = EnumSet.noneOf(Scope.class);
    all.addAll(has);
    all.addAll(lacking);
    return new ApiException(
        ErrorCode.SCOPE_MISSING,
        "This needs the scope %s: connect again and grant it.".formatted(OAuthScopes.text(lacking)),
        List.of(),
        Map.of("WWW-Authenticate", challenge(request, "error=\"insufficient_scope\", ", all)));
  }

  private String challenge(HttpServerRequest request, String error, Set<Scope> scopes) {
    String path = request.path() == null ? "" : request.path();
    McpAddress resource = McpAddress.ofPath(path).orElse(McpAddress.DEFAULT);
    return "Bearer %sresource_metadata=\"%s\", scope=\"%s\""
        .formatted(
            error,
            quoted(urls.base(request) + OAuthUrls.RESOURCE_METADATA + resource.raw()),
            OAuthScopes.text(scopes));
  }

  private static String quoted(String url) {
    return url.replace("\\", "%5C").replace("\"", "%22");
  }
}
