package dev.errand.adapters.console.page;

import dev.errand.runs.entry.RunCause;
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
      case RunCause.Api _ -> new ShownCause("request", null);
      case RunCause.Schedule by -> new ShownCause("schedule " + by.schedule(), null);
      case RunCause.Webhook by -> new ShownCause("webhook " + by.trigger(), null);
      case RunCause.Mcp(RunCause.Client client, _, _) ->
          new ShownCause(client == null ? "chat" : "chat " + client.name(), null);
      case RunCause.Run(RunCause.Parent parent) ->
          new ShownCause(
              "run", parent == null ? null : PagePaths.run(home, parent.task(), parent.run()));
      case RunCause.Unknown unknown -> new ShownCause(unknown.kind(), null);
    };
  }
}
