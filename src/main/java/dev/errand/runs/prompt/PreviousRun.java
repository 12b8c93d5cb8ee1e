package dev.errand.runs.prompt;

import java.time.Instant;

/**
 * The newest run that ended as {@code ready}, for a prompt that compares.
 *
 * @param output its output; of a longer one the first {@value #MOST_CHARACTERS} characters, and a
 *     mark
 */
public record PreviousRun(String run, Instant finishedAt, String output, boolean truncated) {
  /** The most characters of an output that a prompt gets. */
  public static final int MOST_CHARACTERS = 65_536;

  /**
   * A run with the beginning of its output.
   *
   * @param start the whole output or its first {@link #MOST_CHARACTERS} characters
   */
  public static PreviousRun of(String run, Instant finishedAt, String start, int characters) {
    boolean truncated = characters > MOST_CHARACTERS;
    String mark = "\n[cut: " + MOST_CHARACTERS + " of " + characters + " characters]";
    return new PreviousRun(run, finishedAt, truncated ? start + mark : start, truncated);
  }
}
