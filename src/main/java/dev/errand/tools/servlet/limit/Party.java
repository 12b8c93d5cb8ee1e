package dev.errand.tools.servlet.limit;

/**
 * For whom a servlet works, as far as what is scarce is shared by that.
 *
 * @param profile the profile, or who publishes
 * @param installation the installation in it
 */
public record Party(String profile, String installation) {
  /** Nobody in particular. */
  public static final Party NOBODY = new Party("", "");

  /** Whoever publishes a servlet as this owner. */
  public static Party publisher(String owner) {
    return new Party("publisher " + owner, "");
  }
}
