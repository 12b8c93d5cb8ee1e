package dev.errand.adapters.console.page;

import dev.errand.identity.page.PagePaths;
import dev.errand.runs.entry.RunCause;
import dev.errand.tools.mcp.wire.VisibleText;
import org.jspecify.annotations.Nullable;

/**
 * The cause of a run, for people.
 *
 * @param text such as {@code schedule morning}
 * @param address the page of the run that started it; null where no run did
 */
public record ShownCause(String text, @Nullable String address) {

  /**
   * A cause.
   *
   * @param home the address of the home of the run's profile
   */
  static ShownCause of(RunCause cause, String home) {
    return switch (cause) {
      case RunCause.Api(RunCause.By by) -> new ShownCause(by == null ? "request" : who(by), null);
      case RunCause.Schedule by ->
          new ShownCause("schedule " + by.schedule() + by(", by ", by.by()), null);
      case RunCause.Webhook by ->
          new ShownCause("webhook " + by.trigger() + by(", replayed by ", by.by()), null);
      case RunCause.Mcp(RunCause.Client client, _, RunCause.By by) ->
          new ShownCause(
              (client == null ? "chat" : "chat " + VisibleText.of(client.name()))
                  + (by == null ? "" : " of " + by.user()),
              null);
      case RunCause.Run(RunCause.Parent parent) ->
          new ShownCause(
              parent == null ? "run" : "run " + parent.task() + " / " + parent.run(),
              parent == null ? null : PagePaths.run(home, parent.task(), parent.run()));
      case RunCause.Unknown unknown -> new ShownCause(unknown.kind(), null);
    };
  }

  /**
   * Who started a run of a schedule by hand, with a comma before; empty where that is not known.
   */
  public static String by(RunCause cause) {
    return cause instanceof RunCause.Schedule schedule ? by(", by ", schedule.by()) : "";
  }

  private static String by(String before, RunCause.@Nullable By by) {
    return by == null ? "" : before + who(by);
  }

  private static String who(RunCause.By by) {
    return by.user()
        + (by.token() == null ? "" : ", token " + VisibleText.of(by.token()))
        + (by.client() == null ? "" : ", by " + VisibleText.of(by.client()));
  }
}
