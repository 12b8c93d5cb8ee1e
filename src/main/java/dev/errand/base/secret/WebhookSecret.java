package dev.errand.base.secret;

import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.time.Instant;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * A shared secret of Standard Webhooks 1.0: {@code whsec_} and the base64 of 24 to 64 bytes. Its
 * {@code toString} does not contain it.
 */
public final class WebhookSecret {
  private static final String PREFIX = "whsec_";
  private static final int SHORTEST = 24;
  private static final int LONGEST = 64;
  private final byte[] key;

  private WebhookSecret(byte[] key) {
    this.key = key;
  }

  /** Generates a secret of 32 bytes. */
  public static WebhookSecret generate() {
    byte[] key = new byte[32];
    new SecureRandom().nextBytes(key);
    return new WebhookSecret(key);
  }

  /**
   * Reads one; the prefix may be missing, as some senders show it.
   *
   * @throws IllegalArgumentException when it is none; the message does not hold it
   */
  public static WebhookSecret parse(String text) {
    byte[] key;
    try {
      key =
          Base64.getDecoder()
              .decode(text.startsWith(PREFIX) ? text.substring(PREFIX.length()) : text);
    } catch (IllegalArgumentException e) {
      key = new byte[0];
    }
    if (key.length < SHORTEST || key.length > LONGEST) {
      throw new IllegalArgumentException(
          "must be whsec_ and the base64 of %s to %s bytes, such as whsec_$(openssl rand -base64 32)"
              .formatted(SHORTEST, LONGEST));
    }
    return new WebhookSecret(key);
  }

  /**
   * The code of a message.
   *
   * @param timestamp when it is sent, in seconds since 1970, as it stands in the header
   * @param body the body, byte for byte
   * @return 32 bytes
   */
  public byte[] code(String id, String timestamp, byte[] body) {
    return Hmac.sha256(key, (id + "." + timestamp + ".").getBytes(StandardCharsets.UTF_8), body);
  }

  /** The signature of a message, as it stands in the header {@code webhook-signature}. */
  public String sign(String id, Instant at, byte[] body) {
    return "v1,"
        + Base64.getEncoder().encodeToString(code(id, Long.toString(at.getEpochSecond()), body));
  }

  /**
   * The header fields of a signed message.
   *
   * @param secrets several while one replaces another
   */
  public static Map<String, String> headers(
      List<WebhookSecret> secrets, String id, Instant at, byte[] body) {
    return Map.of(
        "webhook-id",
        id,
        "webhook-timestamp",
        Long.toString(at.getEpochSecond()),
        "webhook-signature",
        secrets.stream().map(secret -> secret.sign(id, at, body)).collect(Collectors.joining(" ")));
  }

  /** The secret in the clear. */
  public PlainSecret open() {
    return new PlainSecret(PREFIX + Base64.getEncoder().encodeToString(key));
  }

  @Override
  public String toString() {
    return "WebhookSecret[…]";
  }
}
