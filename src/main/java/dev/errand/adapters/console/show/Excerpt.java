package dev.errand.adapters.console.show;

/** Cuts long texts, so that pages stay small. */
public final class Excerpt {
  private Excerpt() {}

  /** The beginning of a text, which ends between characters. */
  public static String of(String text, int most) {
    if (text.length() <= most) {
      return text;
    }
    int end = Character.isHighSurrogate(text.charAt(most - 1)) ? most - 1 : most;
    return text.substring(0, end) + "…";
  }
}
