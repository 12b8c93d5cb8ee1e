package dev.errand.adapters.console.settings;

import dev.errand.adapters.console.page.PageTime;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The data of the page with tokens.
 *
 * @param service the service that owns them; empty for those of the user
 * @param tokens the tokens, newest first
 * @param next the address of the following page; null for the last one
 * @param form the form that creates one
 * @param made the token that has just been created; null for none
 */
public record TokenPageView(
    String service,
    List<TokenLine> tokens,
    @Nullable String next,
    TokenForm form,
    @Nullable MadeToken made) {

  /**
   * A token.
   *
   * @param limits the profiles or tasks that it is limited to; empty for none
   * @param used when it was last used; null for never
   * @param expires when it ends; null for never
   */
  public record TokenLine(
      String name,
      String address,
      String scopes,
      String limits,
      PageTime created,
      @Nullable PageTime used,
      @Nullable PageTime expires,
      boolean ended) {}

  /**
   * A token that has just been created.
   *
   * @param text the token itself, which is shown this once
   * @param command a command of the shell that uses it
   * @param starts whether the command starts a run
   * @param warnings what is probably not meant
   */
  public record MadeToken(
      String name, String text, String command, boolean starts, List<String> warnings) {}
}
