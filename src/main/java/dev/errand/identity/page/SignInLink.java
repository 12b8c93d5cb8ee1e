package dev.errand.identity.page;

import java.util.Optional;

/** Port to a way to sign in besides the password, which the page offers as a link. */
public interface SignInLink {
  /**
   * The path of the link, relative to the base of the service; empty while the way is switched off.
   */
  Optional<String> path();

  String text();
}
