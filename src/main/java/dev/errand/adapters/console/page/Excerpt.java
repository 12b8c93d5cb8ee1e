package dev.errand.adapters.console.page;

/** Cuts long texts, so that pages stay small. */
public final class Excerpt {
  private Excerpt() {}

  /**
   * The beginning of a text, which never splits a character, with a mark if more follows.
   *
   * @param most how many characters of it at most, 0 or more
   */
  public static String of(String text, int most) {
    if (text.length() <= most) {
      return text;
    }
    boolean isInPair = most > 0 && Character.isHighSurrogate(text.charAt(most - 1));
    int end = isInPair ? most - 1 : most;
    return text.substring(0, end) + "…";
  }
}
