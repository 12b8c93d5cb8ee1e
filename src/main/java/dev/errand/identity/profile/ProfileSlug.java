package dev.errand.identity.profile;

import dev.errand.identity.account.Caller;
import org.jboss.resteasy.reactive.RestPath;

/**
 * The name of a profile in an address, which a REST resource takes as a {@code @BeanParam}.
 *
 * @param user the owner's name, or {@code ~} for the caller
 */
public record ProfileSlug(@RestPath String user, @RestPath("profile") String name) {
  /** The same name for everybody, with the caller's own name in place of {@code ~}. */
  public ProfileSlug named(Caller caller) {
    return new ProfileSlug(caller.nameOf(user), name);
  }

  @Override
  public String toString() {
    return user + "/" + name;
  }
}
