package dev.errand.base.database;

/** Text as PostgreSQL can hold it: without the character NUL, whatever its encoding. */
public final class StorableText {
  private StorableText() {}

  /** Whether the database can hold a text; nothing there is equal to one that it can't hold. */
  public static boolean is(String text) {
    return text.indexOf('\0') < 0;
  }

  /** The text, each NUL replaced by U+FFFD. */
  public static String of(String text) {
    return text.replace('\0', '\uFFFD');
  }
}
