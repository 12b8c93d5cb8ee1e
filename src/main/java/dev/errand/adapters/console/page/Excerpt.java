package dev.errand.adapters.console.page;

import dev.errand.base.json.WellFormed;

/** Cuts long texts, so that pages stay small. */
public final class Excerpt {
  private Excerpt() {}

  /**
   * The most characters that each of several texts may have on a page.
   *
   * @param longest the most where they are few
   * @param all the most that they may have together
   */
  public static int each(int texts, int longest, int all) {
    return Math.min(longest, all / Math.max(1, texts));
  }

  /**
   * The beginning of a text, which never splits a character, with a mark if more follows.
   *
   * @param most how many characters of it at most, 0 or more
   */
  public static String of(String text, int most) {
    return WellFormed.excerpt(text, most);
  }
}
