package dev.errand.tools.servlet.limit;

/**
 * For whom a servlet works, as far as what is scarce is shared by that.
 *
 * @param profile the profile, or who publishes
 * @param installation the installation in it
 */
public record CallOwner(String profile, String installation) {
  /** Nobody in particular. */
  public static final CallOwner NOBODY = new CallOwner("", "");

  /** Whoever publishes a servlet as this owner. */
  public static CallOwner publisher(String owner) {
    return new CallOwner("publisher " + owner, "");
  }
}
