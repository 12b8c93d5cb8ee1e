package dev.errand.tools.mcp;

import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;

/** What happens when the tools of a server differ from those that are pinned. */
public enum OnChange {
  /** The pinned ones go on until somebody accepts the others. */
  HOLD,
  /** The others are pinned at once. */
  ACCEPT,
  /** No tool of the server can be called until somebody accepts the others. */
  DISABLE;

  /** As it stands in JSON and in the database. */
  public String text() {
    return name().toLowerCase(Locale.ROOT);
  }

  /** The one of that text. */
  public static Optional<OnChange> of(String text) {
    return Arrays.stream(values()).filter(value -> value.text().equals(text)).findFirst();
  }
}
