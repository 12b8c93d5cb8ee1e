package dev.errand.models.port;

import dev.errand.models.message.Message;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One answer of a model: a message that is the last one of its run, asks for tool calls, or is to
 * be continued.
 *
 * @param id the server's id of the answer; null where it has none
 * @param model the model that answered, by the server's report; null where it has none
 * @param finish why the model ended its message, in the server's words; null where it does not say
 * @param incomplete why the message is not the whole answer; null where it is
 * @param goesOn whether the server interrupted the message and continues it when it is sent back
 * @param warnings what the server said about the request, for the task's owner
 * @param firstChunk how long the first chunk of a streamed answer took; null where it came whole
 */
public record Turn(
    Message.Assistant message,
    Usage.Step used,
    @Nullable String id,
    @Nullable String model,
    @Nullable String finish,
    @Nullable Incomplete incomplete,
    boolean goesOn,
    List<RunWarning> warnings,
    @Nullable Duration firstChunk)
    implements ModelAnswer {
  public Turn {
    warnings = List.copyOf(warnings);
  }

  /** An answer that the server neither interrupted nor remarked on. */
  public Turn(
      Message.Assistant message,
      Usage.Step used,
      @Nullable String id,
      @Nullable String model,
      @Nullable String finish,
      @Nullable Incomplete incomplete) {
    this(message, used, id, model, finish, incomplete, false, List.of(), null);
  }

  /** The same answer, streamed. */
  public Turn streamed(Duration toFirstChunk) {
    return new Turn(message, used, id, model, finish, incomplete, goesOn, warnings, toFirstChunk);
  }

  /**
   * The reason why a message is not the whole answer of the model.
   *
   * @param word the server's term for it, or {@code refusal}
   */
  public record Incomplete(String word, RunWarning warning) {
    /**
     * The message reached its limit of tokens.
     *
     * @param field the field of the task that sets the limit
     */
    public static Incomplete cut(String word, String field) {
      return new Incomplete(
          word,
          new RunWarning.Noted(
              WarningCode.OUTPUT_CUT,
              "The answer was cut at its limit of tokens: set "
                  + field
                  + " higher, or ask for less."));
    }

    /** The server's content filter removed some or all of the message. */
    public static Incomplete filtered(String word) {
      return new Incomplete(
          word,
          new RunWarning.Noted(
              WarningCode.OUTPUT_FILTERED,
              "The content filter of the model's server removed the answer or its end: ask for"
                  + " something else, or change the filter at the server."));
    }

    /** The server ended the message before its end, for a reason of its own. */
    public static Incomplete ended(String word) {
      return new Incomplete(
          word,
          new RunWarning.Noted(
              WarningCode.OUTPUT_CUT,
              "The model's server ended the answer early (" + word + "): see its documentation."));
    }

    public static Incomplete refused() {
      return new Incomplete(
          "refusal",
          new RunWarning.Noted(
              WarningCode.OUTPUT_FILTERED,
              "The model refused to answer, as its message says: rephrase the request."));
    }
  }
}
