package dev.errand.models.loop;

import dev.errand.models.model.ModelAnswer;
import dev.errand.models.model.Warning;
import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Why a message that is not all of the model's answer ended, as far as its server tells.
 *
 * @param word the server's word for it, or {@code refusal}
 * @param warning what the run's owner should know
 */
public record FinishReason(String word, Warning warning) {
  private static final String CUT = "output_cut";
  private static final String FILTERED = "output_filtered";

  /** The reason of a message; none where it ended as messages do. */
  public static Optional<FinishReason> of(ModelAnswer.Message answer) {
    @Nullable String word = answer.finish();
    // Most servers speak of them as OpenAI's does, and some as their makers' own APIs do.
    Optional<Warning> warning =
        switch (word == null ? "" : word.toLowerCase(Locale.ROOT)) {
          case "length", "max_tokens", "model_length" -> Optional.of(cut());
          case "content_filter", "safety" -> Optional.of(filtered());
          default -> Optional.empty();
        };
    if (word != null && warning.isPresent()) {
      return warning.map(known -> new FinishReason(word, known));
    }
    boolean refused =
        "refusal".equals(word) || !answer.message().path("refusal").asText().isBlank();
    return refused ? Optional.of(new FinishReason("refusal", refused())) : Optional.empty();
  }

  private static Warning cut() {
    return new Warning.Incomplete(
        CUT,
        "The answer was cut where it reached the most tokens that it may have: set"
            + " openai.max_completion_tokens higher, or ask for less.");
  }

  private static Warning filtered() {
    return new Warning.Incomplete(
        FILTERED,
        "The content filter of the model's server left out the answer, or its end: ask for something"
            + " else, or set the filter at the server.");
  }

  private static Warning refused() {
    return new Warning.Incomplete(
        FILTERED, "The model refused to answer, and says so in its message: ask for it otherwise.");
  }
}
