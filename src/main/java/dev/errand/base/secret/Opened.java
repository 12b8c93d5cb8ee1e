package dev.errand.base.secret;

/**
 * A secret in the clear, for as long as it is used; it never prints itself.
 *
 * @param value the secret
 */
public record Opened(String value) {
  @Override
  public String toString() {
    return "Opened[…]";
  }
}
