package dev.errand.identity.account;

import java.security.Principal;
import java.util.UUID;

/**
 * The user on whose behalf something is done. Services take it with each call and check what the
 * user may do, whether the call came as a request or from within the process.
 *
 * @param id the user's id
 * @param username the user's name
 */
public record Caller(UUID id, String username) implements Principal {
  private static final String SELF = "~";

  @Override
  public String getName() {
    return username;
  }

  /** The name of the user that an address names; {@code ~} is the caller. */
  public String nameOf(String user) {
    return user.equals(SELF) ? username : user;
  }

  /** Whether an address that names this user names the caller. */
  public boolean is(String user) {
    return nameOf(user).equals(username);
  }
}
