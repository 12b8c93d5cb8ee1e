package dev.errand.models.port;

import dev.errand.models.message.Message;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.List;

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

  /** The model answered with a message. */
  public record Answered(Turn turn) implements Result {}

  public record Unanswered(RunError failure) implements Result {}

  /** The request was aborted: the run was stopped, or its claim was lost. */
  public record Interrupted() implements Result {}
}
