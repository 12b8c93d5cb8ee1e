package dev.errand.identity.oidc;

import dev.errand.base.http.PublicUrl;
import dev.errand.base.secret.SecretBox;
import io.quarkus.oidc.OidcRequestContext;
import io.quarkus.oidc.OidcTenantConfig;
import io.quarkus.oidc.OidcTenantConfigBuilder.RolesBuilder;
import io.quarkus.oidc.OidcTenantConfigBuilder.TokenStateManagerBuilder;
import io.quarkus.oidc.TenantConfigResolver;
import io.quarkus.oidc.runtime.OidcConfig;
import io.quarkus.oidc.runtime.OidcTenantConfig.ApplicationType;
import io.quarkus.oidc.runtime.OidcTenantConfig.Authentication.ResponseMode;
import io.quarkus.oidc.runtime.OidcTenantConfig.Roles;
import io.quarkus.oidc.runtime.builders.AuthenticationConfigBuilder;
import io.quarkus.oidc.runtime.builders.LogoutConfigBuilder;
import io.quarkus.runtime.StartupEvent;
import io.quarkus.runtime.configuration.ConfigurationException;
import io.smallrye.mutiny.Uni;
import io.vertx.ext.web.RoutingContext;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import java.net.URI;
import java.net.URISyntaxException;
import java.util.HexFormat;
import org.jboss.logging.Logger;

/**
 * The configuration of the provider: the settings {@code quarkus.oidc}, completed for the sign-in.
 * It applies only to the paths of the sign-in; elsewhere no token of the provider is accepted and
 * no browser is redirected. The provider's document is fetched at the first sign-in, so that a
 * start does not wait for it.
 */
@ApplicationScoped
class OidcTenant implements TenantConfigResolver {
  /** Where a sign-in starts, and where the provider redirects back to. */
  static final String PATH = "/sign-in/oidc";

  /** The name under which the framework keeps the provider. */
  static final String ID = "errand";

  private static final Logger LOG = Logger.getLogger(OidcTenant.class);

  // A regular expression that matches nothing.
  private static final String NOWHERE = "(?!)";

  private static final OidcTenantConfig NONE =
      OidcTenantConfig.builder().tenantId("none").disableTenant().build();

  private final io.quarkus.oidc.runtime.OidcTenantConfig settings;
  private final OidcTenantConfig config;
  private final OidcRules rules;

  OidcTenant(OidcConfig settings, PublicUrl url, SecretBox secrets, OidcRules rules) {
    this.settings = OidcConfig.getDefaultTenant(settings);
    this.rules = rules;
    this.config = isOn() ? config(url, secrets) : NONE;
  }

  void start(@Observes StartupEvent event) {
    if (!isOn()) {
      return;
    }
    if (settings.authServerUrl().filter(url -> !isHttp(url)).isPresent()) {
      throw new ConfigurationException(
          "quarkus.oidc.auth-server-url must be an address such as https://id.example.com.");
    }
    if (settings.clientId().isEmpty()) {
      throw new ConfigurationException(
          "quarkus.oidc.auth-server-url names a provider, and quarkus.oidc.client-id is missing: set"
              + " it to the id of this service at the provider.");
    }
    if (!rules.isAnybodyAllowed()) {
      LOG.warn(
          "Nobody can sign in by OIDC: set ERRAND_OIDC_MEMBER_GROUPS, ERRAND_OIDC_ADMIN_GROUPS or"
              + " ERRAND_OIDC_MEMBER_DOMAINS.");
    }
  }

  static boolean isHttp(String url) {
    try {
      URI uri = new URI(url.strip());
      return uri.getHost() != null
          && ("http".equalsIgnoreCase(uri.getScheme())
              || "https".equalsIgnoreCase(uri.getScheme()));
    } catch (URISyntaxException e) {
      return false;
    }
  }

  /** Whether a provider is configured. */
  boolean isOn() {
    return settings.authServerUrl().isPresent() || settings.provider().isPresent();
  }

  /** The id of this service at the provider; empty while OIDC is off. */
  String clientId() {
    return settings.clientId().orElse("");
  }

  /** The provider, as the operator has named it. */
  String provider() {
    return settings
        .authServerUrl()
        .orElseGet(() -> settings.provider().map(Enum::name).orElse("none"));
  }

  @Override
  public Uni<OidcTenantConfig> resolve(
      RoutingContext request, OidcRequestContext<OidcTenantConfig> context) {
    String path = request.request().path();
    return Uni.createFrom().item(path != null && path.startsWith(PATH) ? config : NONE);
  }

  private OidcTenantConfig config(PublicUrl url, SecretBox secrets) {
    AuthenticationConfigBuilder authentication =
        OidcTenantConfig.builder(settings)
            .tenantId(ID)
            .enableTenant()
            .applicationType(ApplicationType.WEB_APP)
            // The framework's own logout is not used.
            .logout(new LogoutConfigBuilder().build())
            .tokenStateManager(new TokenStateManagerBuilder().encryptionRequired(false).build())
            .roles(groups())
            .authentication()
            .responseMode(ResponseMode.QUERY)
            .redirectPath(url.configured().map(OidcTenant::redirectPath).orElse(PATH))
            .removeRedirectParameters(false)
            .restorePathAfterRedirect(false)
            .idTokenRequired(true)
            .pkceRequired()
            .nonceRequired();
    if (url.configured().filter(base -> "https".equalsIgnoreCase(base.getScheme())).isPresent()) {
      authentication.cookieForceSecure();
    }
    if (settings.authentication().stateSecret().isEmpty()) {
      // The same in each process, since another one may complete the sign-in.
      authentication.stateSecret(
          HexFormat.of().formatHex(secrets.derived("oidc-state").getFirst()));
    }
    return authentication.end().build();
  }

  // The framework would divide a text at spaces, which names of groups may have.
  private Roles groups() {
    RolesBuilder groups = new RolesBuilder();
    settings.roles().source().ifPresent(groups::source);
    settings.roles().roleClaimPath().ifPresent(groups::roleClaimPath);
    return groups.roleClaimSeparator(settings.roles().roleClaimSeparator().orElse(NOWHERE)).build();
  }

  private static String redirectPath(URI base) {
    String text = base.toString();
    return (text.endsWith("/") ? text.substring(0, text.length() - 1) : text) + PATH;
  }
}
