package dev.errand.adapters.console.admin;

import dev.errand.adapters.console.page.Choice;
import dev.errand.adapters.console.page.PageTime;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What the page with all users shows.
 *
 * @param users some of them, by name
 * @param next the address of the following page; null for the last one
 * @param form the form that creates one
 * @param made the user that it created; null for none
 */
public record UserListView(
    List<UserLine> users, @Nullable String next, UserForm form, @Nullable MadeUser made) {

  /**
   * A user.
   *
   * @param role what the user may do
   * @param kind whether it is a person or a service
   * @param email the email address; null where none is known
   * @param disabled whether the user is disabled
   * @param created when the user was created
   */
  public record UserLine(
      String name,
      String address,
      String role,
      String kind,
      @Nullable String email,
      boolean disabled,
      PageTime created) {}

  /**
   * The form of a user.
   *
   * @param roles the roles to choose from
   * @param kinds the kinds to choose from
   * @param disabled whether the user is disabled
   * @param message why it was refused; null where it was not
   */
  public record UserForm(
      String name,
      List<Choice> roles,
      List<Choice> kinds,
      String email,
      boolean disabled,
      @Nullable String message) {}

  /**
   * A user who has just been created.
   *
   * @param link the link by which a person chooses a password, which is shown this once; null for a
   *     service
   */
  public record MadeUser(String name, @Nullable String link) {}
}
