package dev.errand.adapters.console.settings;

import dev.errand.adapters.console.page.PageTime;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The data of the page with the grants of clients.
 *
 * @param grants the grants, newest first
 * @param next the address of the following page; null for the last one
 */
public record GrantPageView(List<GrantLine> grants, @Nullable String next) {

  /**
   * A grant to a client.
   *
   * @param client the name of the client
   * @param verified whether the name is verified
   * @param address where the grant is ended
   * @param profiles the profiles that it is limited to; empty for all
   * @param used when it was last used; null for never
   * @param expires when it ends if it is not used
   */
  public record GrantLine(
      String client,
      boolean verified,
      String address,
      String scopes,
      String profiles,
      PageTime created,
      @Nullable PageTime used,
      PageTime expires) {}
}
