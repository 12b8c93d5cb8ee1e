package dev.errand.adapters.console.profile;

import dev.errand.adapters.console.page.Choice;
import dev.errand.adapters.console.page.PageTime;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The data of the page with the members of a profile.
 *
 * @param members the members, the profile's own user first
 * @param next the address of the following page; null for the last one
 * @param name the name in the form that adds one
 * @param roles the roles to choose from in it
 * @param message why an action was refused; null where none was
 */
public record MemberPageView(
    List<MemberLine> members,
    @Nullable String next,
    String name,
    List<Choice> roles,
    @Nullable String message) {

  /**
   * A member.
   *
   * @param role what the user may do
   * @param since when the user became a member
   * @param address where the member is removed
   * @param roles the roles to choose from; empty where it can't be changed
   * @param mayLeave whether it is the visitor, who may leave the profile
   */
  public record MemberLine(
      String user,
      String role,
      PageTime since,
      String address,
      List<Choice> roles,
      boolean mayLeave) {}
}
