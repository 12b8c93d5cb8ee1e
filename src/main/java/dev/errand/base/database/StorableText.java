package dev.errand.base.database;

import dev.errand.base.error.ApiException;
import org.jspecify.annotations.Nullable;

/** Text as PostgreSQL can hold it: without the character NUL, whatever its encoding. */
public final class StorableText {
  /** What is wrong with a text that the database can't hold: the end of a sentence. */
  public static final String PROBLEM = "has the character NUL (\\u0000), which can't be stored";

  private StorableText() {}

  /** Whether the database can hold a text; nothing there is equal to one that it can't hold. */
  public static boolean is(String text) {
    return text.indexOf('\0') < 0;
  }

  /**
   * Checks a text of a request.
   *
   * @param text null for none
   * @throws ApiException that names the field where the database can't hold the text
   */
  public static void check(String field, @Nullable String text) {
    if (text != null && !is(text)) {
      throw ApiException.invalid(field, PROBLEM);
    }
  }

  /** The text, each NUL replaced by U+FFFD. */
  public static String of(String text) {
    return text.replace('\0', '\uFFFD');
  }
}
