package dev.errand.tools.servlet.limit;

/**
 * The owner of a servlet call, by which cores and calls are shared fairly.
 *
 * @param profile the profile, or the publisher
 * @param installation the installation in the profile
 */
public record CallOwner(String profile, String installation) {
  /** No specific owner. */
  public static final CallOwner NOBODY = new CallOwner("", "");

  /** The owner of calls that are made while a servlet is published. */
  public static CallOwner publisher(String owner) {
    return new CallOwner("publisher " + owner, "");
  }
}
