package dev.errand.identity.signin;

import java.util.Optional;

/** Port to the provider by which a session began: users sign out there, too. */
public interface ProviderSignOut {

  /**
   * Where the browser goes on to sign out there, relative to the base of the service.
   *
   * @param subject what names the user there
   * @return empty where that is not possible
   */
  Optional<String> path(String subject);
}
