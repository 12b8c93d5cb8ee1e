package dev.errand.adapters.console.settings;

import dev.errand.adapters.console.page.PageTime;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The data of the page with the sessions of a user.
 *
 * @param sessions the sessions, newest first
 * @param next the address of the following page; null for the last one
 * @param changed whether the password was changed just now
 * @param message why a change of the password was refused; null for none
 */
public record SessionPageView(
    List<SessionLine> sessions, @Nullable String next, boolean changed, @Nullable String message) {

  /**
   * A session.
   *
   * @param device the device that signed in
   * @param address its network address; null where it is not known
   * @param used when it was last used; null where that is not known
   * @param expires when it ends if it is not used; null for never
   * @param current whether it is the one that shows the page
   */
  public record SessionLine(
      String id,
      String device,
      @Nullable String address,
      PageTime created,
      @Nullable PageTime used,
      @Nullable PageTime expires,
      boolean current) {}
}
