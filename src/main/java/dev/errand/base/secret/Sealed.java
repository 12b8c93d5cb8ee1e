package dev.errand.base.secret;

/**
 * A sealed value as it is stored.
 *
 * @param bytes a format byte, the 4-byte id of the key that sealed it, a 12-byte nonce, then the
 *     ciphertext with its 16-byte tag
 */
public record Sealed(byte[] bytes) {
  /** Whether it was sealed for a server. */
  public boolean isForServer() {
    return bytes.length > 0 && bytes[0] == SecretBox.FOR_SERVER;
  }

  @Override
  public String toString() {
    return "Sealed[" + bytes.length + " bytes]";
  }
}
