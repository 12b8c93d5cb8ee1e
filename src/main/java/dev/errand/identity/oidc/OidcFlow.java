package dev.errand.identity.oidc;

import com.fasterxml.jackson.databind.JsonNode;
import dev.errand.base.error.ApiException;
import dev.errand.base.error.ErrorCode;
import dev.errand.base.json.Json;
import io.quarkus.oidc.OidcConfigurationMetadata;
import io.quarkus.oidc.UserInfo;
import io.quarkus.oidc.runtime.OidcAuthenticationMechanism;
import io.quarkus.oidc.runtime.OidcProvider;
import io.quarkus.oidc.runtime.OidcUtils;
import io.quarkus.oidc.runtime.TenantConfigBean;
import io.quarkus.oidc.runtime.TenantConfigContext;
import io.quarkus.security.identity.IdentityProviderManager;
import io.quarkus.security.identity.SecurityIdentity;
import io.quarkus.vertx.http.runtime.security.ChallengeData;
import io.smallrye.mutiny.Uni;
import io.vertx.core.MultiMap;
import io.vertx.core.http.Cookie;
import io.vertx.ext.web.RoutingContext;
import jakarta.enterprise.context.ApplicationScoped;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import org.eclipse.microprofile.jwt.JsonWebToken;
import org.jspecify.annotations.Nullable;

/**
 * The authorization code flow, as the framework implements it: state, nonce and code verifier
 * (PKCE) are in an encrypted cookie while the person is at the provider.
 */
@ApplicationScoped
class OidcFlow {
  private static final Duration PATIENCE = Duration.ofSeconds(15);
  private static final int FOUND = 302;
  private static final String ANY_ISSUER = "any";
  private static final String PROMISES_ISSUER = "authorization_response_iss_parameter_supported";
  private static final String NOT_VALID = "what the provider sent is not valid here";

  private final OidcTenant tenant;
  private final OidcAuthenticationMechanism mechanism;
  private final IdentityProviderManager identities;
  private final TenantConfigBean tenants;
  private final Json json;

  OidcFlow(
      OidcTenant tenant,
      OidcAuthenticationMechanism mechanism,
      IdentityProviderManager identities,
      TenantConfigBean tenants,
      Json json) {
    this.tenant = tenant;
    this.mechanism = mechanism;
    this.identities = identities;
    this.tenants = tenants;
    this.json = json;
  }

  /** The next step of a sign-in. */
  sealed interface SignInStep {
    /** The browser goes to the provider. */
    record ToProvider(String url) implements SignInStep {}

    /** The provider has led the person back. */
    record Back(OidcPerson person) implements SignInStep {}
  }

  /**
   * Begins a sign-in, or completes one where the provider has led the person back.
   *
   * @throws ApiException {@link ErrorCode#NOT_FOUND} while OIDC is off, {@link
   *     ErrorCode#UNAVAILABLE} where the provider does not answer, {@link
   *     ErrorCode#SIGN_IN_REFUSED} where the provider's answer is refused
   */
  SignInStep next(RoutingContext request) {
    requireOn();
    MultiMap query = request.queryParams();
    boolean isAnswer = query.contains("code") || query.contains("error");
    // Before the code is used. The framework does not know the provider before the first sign-in.
    boolean isChecked = isAnswer && tenants.getDynamicTenant(OidcTenant.ID) != null;
    if (isChecked) {
      checkIssuer(query);
    }
    SecurityIdentity identity = await(mechanism.authenticate(request, identities), query);
    removeSessionCookies(request);
    if (identity != null) {
      if (!isChecked) {
        checkIssuer(query);
      }
      return new SignInStep.Back(person(identity));
    }
    if (isAnswer) {
      // It was started elsewhere, or too long ago; starting a new one would only lead back here.
      throw refused("it was not begun in this browser, or took too long");
    }
    ChallengeData challenge = await(mechanism.getChallenge(request), query);
    String url =
        challenge == null || challenge.status != FOUND
            ? null
            : challenge.getHeaders().values().stream().findFirst().orElse(null);
    if (url == null) {
      throw refused("this browser keeps no cookies");
    }
    return new SignInStep.ToProvider(url);
  }

  private void checkIssuer(MultiMap query) {
    TenantConfigContext known = tenants.getDynamicTenant(OidcTenant.ID);
    OidcConfigurationMetadata document = known == null ? null : known.getOidcMetadata();
    if (known == null || document == null) {
      return;
    }
    String issuer = known.oidcConfig().token().issuer().orElse(document.getIssuer());
    if (!namesIssuer(
        query.getAll("iss"),
        ANY_ISSUER.equals(issuer) ? null : issuer,
        "true".equals(document.get(PROMISES_ISSUER)))) {
      throw refused("the answer is not from the provider");
    }
  }

  /**
   * Whether the issuer that an answer names is the expected one (RFC 9207).
   *
   * @param named the values of {@code iss} in the answer
   * @param issuer the expected issuer; null for any
   * @param isPromised whether the provider names itself in all of its answers
   */
  static boolean namesIssuer(List<String> named, @Nullable String issuer, boolean isPromised) {
    return switch (named.size()) {
      case 0 -> !isPromised;
      case 1 -> issuer == null || issuer.equals(named.getFirst());
      default -> false;
    };
  }

  /**
   * The provider, whose document has been read.
   *
   * @throws ApiException {@link ErrorCode#NOT_FOUND} while OIDC is off, {@link
   *     ErrorCode#UNAVAILABLE} where the provider does not answer
   */
  OidcProvider provider(RoutingContext request) {
    requireOn();
    TenantConfigContext known = tenants.getDynamicTenant(OidcTenant.ID);
    if (known == null) {
      // The framework registers a provider only at the start of a sign-in.
      await(mechanism.getChallenge(request), request.queryParams());
      request.response().removeCookies(OidcUtils.STATE_COOKIE_NAME, false);
      request.request().cookies().stream()
          .map(Cookie::getName)
          .filter(name -> name.startsWith(OidcUtils.STATE_COOKIE_NAME))
          .forEach(name -> request.response().removeCookies(name, false));
      known = tenants.getDynamicTenant(OidcTenant.ID);
    }
    if (known == null) {
      throw new IllegalStateException("The provider is not known to the framework.");
    }
    return known.provider();
  }

  private void requireOn() {
    if (!tenant.isOn()) {
      throw new ApiException(
          ErrorCode.NOT_FOUND,
          "Sign-in by OIDC is off: QUARKUS_OIDC_AUTH_SERVER_URL names no provider.");
    }
  }

  private <T> @Nullable T await(Uni<T> step, MultiMap query) {
    try {
      return step.await().atMost(PATIENCE);
    } catch (RuntimeException e) {
      throw OidcFailure.error(e, tenant.provider(), query);
    }
  }

  private OidcPerson person(SecurityIdentity identity) {
    if (!(identity.getPrincipal() instanceof JsonWebToken token)) {
      throw refused(NOT_VALID);
    }
    UserInfo info = identity.getAttribute(OidcUtils.USER_INFO_ATTRIBUTE);
    JsonNode claims = claims(token.getRawToken());
    // OpenID Connect Core, section 3.1.3.7: the client for which the token was issued.
    if (claims.has("azp") && !tenant.clientId().equals(claims.path("azp").textValue())) {
      throw refused(NOT_VALID);
    }
    return OidcPerson.of(
            claims,
            info == null
                ? json.object()
                : json.parse(info.getUserInfoString()).orElseGet(json::object),
            identity.getRoles())
        .orElseThrow(() -> refused(NOT_VALID));
  }

  /** The claims of a token that was verified. */
  JsonNode claims(String token) {
    String[] parts = token.split("\\.", -1);
    return parts.length < 2
        ? json.object()
        : json.parse(new String(Base64.getUrlDecoder().decode(parts[1]), StandardCharsets.UTF_8))
            .orElseGet(json::object);
  }

  // The framework's own session would hold the person's tokens; ours replaces it.
  private static void removeSessionCookies(RoutingContext request) {
    List<String> names =
        request.request().cookies().stream()
            .map(Cookie::getName)
            .filter(name -> name.startsWith(OidcUtils.SESSION_COOKIE_NAME))
            .distinct()
            .toList();
    names.forEach(name -> request.response().removeCookies(name));
  }

  private static ApiException refused(String why) {
    return OidcFailure.refused(why);
  }
}
