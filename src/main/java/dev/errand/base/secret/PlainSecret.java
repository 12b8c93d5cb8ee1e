package dev.errand.base.secret;

/** A secret in plain text; its {@code toString} does not contain it. */
public record PlainSecret(String value) {
  @Override
  public String toString() {
    return "PlainSecret[…]";
  }
}
