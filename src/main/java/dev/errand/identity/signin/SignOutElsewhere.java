package dev.errand.identity.signin;

import java.util.Optional;

/** Port to who has authenticated a user, where the user is signed in, too. */
public interface SignOutElsewhere {

  /**
   * Where the browser goes on to sign out there, relative to the base of the service.
   *
   * @param subject what names the user there
   * @return empty where that is not possible
   */
  Optional<String> path(String subject);
}
