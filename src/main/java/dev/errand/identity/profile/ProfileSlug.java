package dev.errand.identity.profile;

/**
 * The name of a profile in an address.
 *
 * @param user the owner's name, or {@code ~} for the caller
 */
public record ProfileSlug(String user, String name) {
  @Override
  public String toString() {
    return user + "/" + name;
  }
}
