package dev.errand.base.secret;

/**
 * A secret in plain text; its {@code toString} does not contain it.
 *
 * @param value the secret
 */
public record Opened(String value) {
  @Override
  public String toString() {
    return "Opened[…]";
  }
}
