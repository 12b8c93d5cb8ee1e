package dev.errand.identity.auth;

import dev.errand.base.error.ApiException;
import dev.errand.base.error.ErrorCode;
import dev.errand.base.http.BearerToken;
import dev.errand.identity.account.CurrentCaller;
import io.quarkus.security.AuthenticationFailedException;
import io.quarkus.security.identity.IdentityProviderManager;
import io.quarkus.security.identity.SecurityIdentity;
import io.quarkus.security.identity.request.AuthenticationRequest;
import io.quarkus.vertx.http.runtime.security.ChallengeData;
import io.quarkus.vertx.http.runtime.security.HttpAuthenticationMechanism;
import io.quarkus.vertx.http.runtime.security.HttpSecurityUtils;
import io.smallrye.mutiny.Uni;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.ext.web.RoutingContext;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.ws.rs.core.HttpHeaders;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Finds the credential of a request: {@code Cookie: sessionId=…}, or {@code Authorization: Bearer
 * …} (RFC 6750). It runs only where the caller is needed; addresses with their own rules, such as
 * signed URLs and events, do not use it.
 */
@ApplicationScoped
class CredentialMechanism implements HttpAuthenticationMechanism {
  private static final String COOKIE = "sessionId";

  private final SameSite sameSite;

  CredentialMechanism(SameSite sameSite) {
    this.sameSite = sameSite;
  }

  @Override
  public Uni<SecurityIdentity> authenticate(
      RoutingContext context, IdentityProviderManager identities) {
    @Nullable String token;
    try {
      token = tokenOf(context.request());
    } catch (ApiException e) {
      return Uni.createFrom().failure(new AuthenticationFailedException(e));
    }
    return token == null || token.isEmpty()
        ? Uni.createFrom().nullItem()
        : identities.authenticate(
            HttpSecurityUtils.setRoutingContextAttribute(new CredentialRequest(token), context));
  }

  @Override
  public Uni<ChallengeData> getChallenge(RoutingContext context) {
    return Uni.createFrom()
        .item(new ChallengeData(401, HttpHeaders.WWW_AUTHENTICATE, CurrentCaller.CHALLENGE));
  }

  @Override
  public Set<Class<? extends AuthenticationRequest>> getCredentialTypes() {
    return Set.of(CredentialRequest.class);
  }

  private @Nullable String tokenOf(HttpServerRequest request) {
    List<String> authorization = request.headers().getAll(HttpHeaders.AUTHORIZATION);
    // Two such headers are an invalid credential; the first of them is not used.
    Optional<String> bearer =
        authorization.isEmpty()
            ? Optional.empty()
            : BearerToken.of(String.join(",", authorization));
    if (bearer.isPresent()) {
      return bearer.get();
    }
    List<String> cookies = cookiesOf(request);
    if (cookies.size() > 1) {
      // Another site of the same domain may have set one of them, and they can't be told apart.
      throw new ApiException(
          ErrorCode.AMBIGUOUS_SESSION,
          "The request has " + cookies.size() + " cookies `sessionId`: send one.");
    }
    if (cookies.isEmpty()) {
      return null;
    }
    sameSite.check(request);
    return cookies.getFirst();
  }

  // As they are in the header: a map of cookies would keep only one of each name.
  private static List<String> cookiesOf(HttpServerRequest request) {
    return request.headers().getAll(HttpHeaders.COOKIE).stream()
        .flatMap(header -> Stream.of(header.split(";", -1)))
        .map(String::strip)
        .filter(cookie -> cookie.startsWith(COOKIE + "="))
        .map(cookie -> unquoted(cookie.substring(COOKIE.length() + 1)))
        .toList();
  }

  private static String unquoted(String value) {
    return value.length() > 1 && value.startsWith("\"") && value.endsWith("\"")
        ? value.substring(1, value.length() - 1)
        : value;
  }
}
