package dev.errand.identity.signin;

import java.util.Optional;

/** Port to the provider by which a session began: users sign out there, too. */
public interface ProviderSignOut {
  /**
   * The path at which the browser signs out there, relative to the base of the service.
   *
   * @return empty where that is not possible
   */
  Optional<String> path(String subject);
}
