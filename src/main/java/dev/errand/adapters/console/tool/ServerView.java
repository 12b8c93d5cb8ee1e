package dev.errand.adapters.console.tool;

import dev.errand.adapters.console.page.PageTime;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A remote server in the page of its installation.
 *
 * @param auth how calls are authenticated, in words
 * @param headers the names of its header fields
 * @param credential the state of its credentials
 * @param expires when these expire; null where that is not known
 * @param revision the revision of the protocol that it used last
 * @param checked when its tools were last listed
 * @param failure why that failed; null where it succeeded
 * @param leftOut the tools that can't be used, each with the reason
 * @param onChange what happens when its tools change, in words
 * @param connection how a person connects it; null where that is not needed
 * @param change how its tools differ from the pinned ones; null where they do not
 */
public record ServerView(
    String url,
    String auth,
    List<String> headers,
    String credential,
    @Nullable PageTime expires,
    String revision,
    PageTime checked,
    @Nullable String failure,
    List<String> leftOut,
    String onChange,
    @Nullable Connection connection,
    @Nullable ChangeView change) {

  /**
   * How a person connects a server.
   *
   * @param granted what was granted; null where that is not known
   * @param lacked the scopes that a call lacked; null for none
   * @param by the user who connected it; null for none
   * @param at when; null for never
   */
  public record Connection(
      String address,
      boolean isConnected,
      String issuer,
      @Nullable String granted,
      @Nullable String lacked,
      @Nullable String by,
      @Nullable PageTime at) {}
}
