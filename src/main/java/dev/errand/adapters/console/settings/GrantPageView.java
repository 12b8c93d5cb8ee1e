package dev.errand.adapters.console.settings;

import dev.errand.adapters.console.show.PageTime;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What the page with the access of clients shows.
 *
 * @param grants the grants, newest first
 * @param next the address of the following page; null for the last one
 */
public record GrantPageView(List<Line> grants, @Nullable String next) {

  /**
   * What a client was granted.
   *
   * @param client the name of the client
   * @param verified whether the name is more than its own word
   * @param address where it is ended
   * @param scopes what it may do
   * @param profiles the profiles that it is limited to; empty for all
   * @param created since when
   * @param used when it was last used; null for never
   * @param expires when it ends if it is not used
   */
  public record Line(
      String client,
      boolean verified,
      String address,
      String scopes,
      String profiles,
      PageTime created,
      @Nullable PageTime used,
      PageTime expires) {}
}
