package dev.errand.models.port;

import dev.errand.models.message.Message;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Event: a request to a model has ended.
 *
 * @param endpoint the base URL of the model's server
 * @param messages the messages sent: the system text, if any, and the conversation
 */
public record ModelAsked(
    Traced traced,
    URI endpoint,
    String model,
    Instant begun,
    Duration took,
    List<Message> messages,
    Result result) {

  public sealed interface Result {}

  /**
   * The model answered with a message.
   *
   * @param model the model that answered, by the server's report; null where it has none
   * @param finish why the model ended its message, in the server's words; null where it does not
   *     say
   */
  public record Answered(
      Message.Assistant message, @Nullable String model, @Nullable String finish, Usage.Step used)
      implements Result {}

  public record Unanswered(RunError failure) implements Result {}

  /** The request was aborted: the run was stopped, or its claim was lost. */
  public record Interrupted() implements Result {}
}
