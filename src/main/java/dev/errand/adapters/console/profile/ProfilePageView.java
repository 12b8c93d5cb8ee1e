package dev.errand.adapters.console.profile;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The data of the page with the profiles of a user.
 *
 * @param own the user's own profiles, by name
 * @param shared some of those that others share with the user
 * @param next the address of the page with more of these; null for the last one
 * @param name the name in the form that creates a profile
 * @param message why it was refused; null where it was not
 */
public record ProfilePageView(
    List<ProfileLine> own,
    List<ProfileLine> shared,
    @Nullable String next,
    String name,
    String description,
    @Nullable String message) {

  /**
   * A profile.
   *
   * @param slug its owner and name
   * @param role what the user may do there
   * @param current whether this page belongs to it
   * @param paused whether no runs are started there
   */
  public record ProfileLine(
      String slug,
      String address,
      String description,
      String role,
      boolean current,
      boolean paused) {}
}
