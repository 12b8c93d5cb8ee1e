package dev.errand.identity.oidc;

import static dev.errand.base.http.PublicUrl.encoded;

import dev.errand.identity.signin.ProviderSignOut;
import jakarta.enterprise.context.ApplicationScoped;
import java.net.URI;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The addresses at which a browser signs out at the provider. */
@ApplicationScoped
class OidcSignOutLink implements ProviderSignOut {
  /** The path that redirects a browser to the provider. */
  static final String PATH = OidcTenant.PATH + "/sign-out";

  private final OidcTenant tenant;

  OidcSignOutLink(OidcTenant tenant) {
    this.tenant = tenant;
  }

  @Override
  public Optional<String> path(String subject) {
    return tenant.isOn()
        ? Optional.of(PATH.substring(1) + "?hint=" + encoded(subject))
        : Optional.empty();
  }

  /**
   * The address at the provider. It names the client instead of the ID token, which is not stored.
   *
   * @param hint what names the person there; null where that is not known
   */
  URI at(String endSession, URI home, @Nullable String hint) {
    return URI.create(
        endSession
            + (endSession.contains("?") ? "&" : "?")
            + "client_id="
            + encoded(tenant.clientId())
            + "&post_logout_redirect_uri="
            + encoded(home.toString())
            + (hint == null || hint.isEmpty() ? "" : "&logout_hint=" + encoded(hint)));
  }
}
