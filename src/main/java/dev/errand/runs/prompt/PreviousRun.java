package dev.errand.runs.prompt;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * The newest run that ended as {@code ready}, for a prompt that compares.
 *
 * @param output its output; of a longer one the first {@value #MOST_CHARACTERS} characters, and a
 *     mark
 * @param result its output as JSON, where its task had a schema for it; null where it had none, or
 *     it is longer than {@value #MOST_CHARACTERS} characters
 */
public record PreviousRun(
    String run, Instant finishedAt, String output, boolean truncated, @Nullable JsonNode result) {
  /** The most characters of an output that a prompt gets. */
  public static final int MOST_CHARACTERS = 65_536;

  /**
   * A run with the beginning of its output.
   *
   * @param start the whole output or its first {@link #MOST_CHARACTERS} characters
   */
  public static PreviousRun of(
      String run, Instant finishedAt, String start, int characters, @Nullable JsonNode result) {
    boolean truncated = characters > MOST_CHARACTERS;
    String mark = "\n[cut: " + MOST_CHARACTERS + " of " + characters + " characters]";
    return new PreviousRun(run, finishedAt, truncated ? start + mark : start, truncated, result);
  }
}
