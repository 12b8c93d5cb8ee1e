package dev.errand.base.turn;

import java.util.UUID;

/**
 * The owner of work, by which cores and turns are shared fairly.
 *
 * @param user the name of the user for whom it is done
 * @param profile the profile; empty where it is of none, as where a servlet is published
 * @param part the part of the profile, such as the installation whose tool is called; empty for
 *     none
 */
public record WorkOwner(String user, String profile, String part) {
  /** No specific owner. */
  public static final WorkOwner NOBODY = new WorkOwner("", "", "");

  /** The owner of work on a profile. */
  public static WorkOwner of(String user, UUID profileId) {
    return new WorkOwner(user, profileId.toString(), "");
  }

  /** The owner of work that is of no profile, such as calls while a servlet is published. */
  public static WorkOwner user(String user) {
    return new WorkOwner(user, "", "");
  }
}
