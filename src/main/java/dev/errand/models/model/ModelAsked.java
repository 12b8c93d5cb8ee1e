package dev.errand.models.model;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A model was asked once.
 *
 * @param runner the runner that asked it
 * @param endpoint the base URL of the model's server
 * @param model the model that was asked for
 * @param begun when
 * @param took how long the answer took, or what stood for it
 * @param messages what it was told: the system text where there is one, and the conversation
 * @param result what came of it
 */
public record ModelAsked(
    String runner,
    URI endpoint,
    String model,
    Instant begun,
    Duration took,
    List<ObjectNode> messages,
    Result result) {

  /** What came of it. */
  public sealed interface Result {}

  /**
   * A message.
   *
   * @param message the message
   * @param model the model that the server says has answered; null where it does not say
   * @param finish why the model ended its message, in the server's word; null where it does not say
   * @param used what the answer used
   */
  public record Answered(
      ObjectNode message, @Nullable String model, @Nullable String finish, Usage.Step used)
      implements Result {}

  /**
   * No message.
   *
   * @param failure why
   */
  public record Unanswered(RunFailure failure) implements Result {}

  /** The answer was not waited for: the run was stopped, or is no longer held here. */
  public record CutOff() implements Result {}
}
