package dev.errand.tools.mcp;

import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;

/** What happens when the tools of a server differ from those that are pinned. */
public enum OnChange {
  /** The pinned ones stay in use until a person accepts the others. */
  HOLD,
  /** The new ones are pinned at once. */
  ACCEPT,
  /** No tool of the server can be called until a person accepts the new ones. */
  DISABLE;

  /** The value in JSON and in the database. */
  public String text() {
    return name().toLowerCase(Locale.ROOT);
  }

  /** The value with that text. */
  public static Optional<OnChange> of(String text) {
    return Arrays.stream(values()).filter(value -> value.text().equals(text)).findFirst();
  }
}
