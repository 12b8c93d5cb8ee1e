package dev.errand.identity.oidc;

import dev.errand.identity.page.SignInLink;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.Optional;

/** The link to the provider on the page on which people sign in. */
@ApplicationScoped
class OidcLink implements SignInLink {
  private final OidcTenant tenant;

  OidcLink(OidcTenant tenant) {
    this.tenant = tenant;
  }

  @Override
  public Optional<String> path() {
    return tenant.isOn() ? Optional.of(OidcTenant.PATH.substring(1)) : Optional.empty();
  }

  @Override
  public String text() {
    return "Sign in with single sign-on";
  }
}
