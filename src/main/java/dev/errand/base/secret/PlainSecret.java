package dev.errand.base.secret;

/** A secret in plain text; its {@code toString} does not contain it. */
public record PlainSecret(String value) {
  private static final int SHOWN = 4;
  // Of a shorter one, its end would be too much of it.
  private static final int SHORTEST_WITH_AN_END = 16;

  /** Its end, by which its owner tells it from others; nothing of a short one. */
  public String hint() {
    return value.length() < SHORTEST_WITH_AN_END
        ? "…"
        : "…" + value.substring(value.length() - SHOWN);
  }

  @Override
  public String toString() {
    return "PlainSecret[…]";
  }
}
