package dev.errand.adapters.console.page;

import dev.errand.identity.page.PageFrame;

/**
 * The data of the layout around the content of a console page.
 *
 * @param frame the frame of the page
 * @param profile the profile, as {@code user/name}
 * @param home the address of the profile's home, below which its pages are
 * @param current the part of the navigation that the page belongs to
 * @param waiting how many tool calls of the profile wait for a person; empty for none
 * @param ticket the ticket of its forms
 * @param seen the tag of what its forms change, which they send along; empty for none
 * @param mayRun whether the user may start, cancel and retry runs here
 * @param mayApprove whether the user may decide about tool calls here
 * @param mayEdit whether the user may change tasks here
 * @param mayOwn whether the user may share the profile
 * @param isAdmin whether the user may manage the service
 */
public record ConsoleLayout(
    PageFrame frame,
    String user,
    String profile,
    String home,
    String current,
    String waiting,
    String ticket,
    String seen,
    boolean mayRun,
    boolean mayApprove,
    boolean mayEdit,
    boolean mayOwn,
    boolean isAdmin) {
  /** Whether the profile is the user's own. */
  public boolean isOwn() {
    return profile.startsWith(user + "/");
  }
}
