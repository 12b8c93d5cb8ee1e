package dev.errand.tools.port;

/**
 * The owner of a tool call, by which cores and calls are shared fairly.
 *
 * @param user the name of the user who owns the profile, or who publishes
 * @param profile the profile; empty where a servlet is published
 */
public record CallOwner(String user, String profile, String installation) {
  /** No specific owner. */
  public static final CallOwner NOBODY = new CallOwner("", "", "");

  /** The owner of a call of an installed tool. */
  public static CallOwner of(ToolUser user, PermittedTool tool) {
    return new CallOwner(
        tool.profileOwner(), user.profileId().toString(), tool.installationId().toString());
  }

  /** The owner of calls that are made while a servlet is published. */
  public static CallOwner publisher(String user) {
    return new CallOwner(user, "", "");
  }
}
