package dev.errand.models.model;

import org.jspecify.annotations.Nullable;

/**
 * One answer of a model: a message that is the last one of its run, or asks for tool calls.
 *
 * @param item the message, and what the vendor sent for it
 * @param used what it used
 * @param model the model that the server says has answered; null where it does not say
 * @param finish why the model ended its message, in the server's word; null where it does not say
 * @param incomplete why the message is not all of the answer; null where nothing says that it isn't
 */
public record Turn(
    ConversationItem item,
    Usage.Step used,
    @Nullable String model,
    @Nullable String finish,
    @Nullable Incomplete incomplete)
    implements ModelAnswer {

  /**
   * Why a message is not all of the model's answer.
   *
   * @param word the server's word for it, or {@code refusal}
   * @param warning what the run's owner should know
   */
  public record Incomplete(String word, RunWarning warning) {
    private static final String CUT = "output_cut";
    private static final String FILTERED = "output_filtered";

    /**
     * It has as many tokens as it may have.
     *
     * @param field the field of the task that sets how many
     */
    public static Incomplete cut(String word, String field) {
      return new Incomplete(
          word,
          new RunWarning.Incomplete(
              CUT,
              "The answer was cut where it reached the most tokens that it may have: set "
                  + field
                  + " higher, or ask for less."));
    }

    /** The server's content filter took some or all of it. */
    public static Incomplete filtered(String word) {
      return new Incomplete(
          word,
          new RunWarning.Incomplete(
              FILTERED,
              "The content filter of the model's server left out the answer, or its end: ask for"
                  + " something else, or set the filter at the server."));
    }

    /** The model refused to answer. */
    public static Incomplete refused() {
      return new Incomplete(
          "refusal",
          new RunWarning.Incomplete(
              FILTERED,
              "The model refused to answer, and says so in its message: ask for it otherwise."));
    }
  }
}
