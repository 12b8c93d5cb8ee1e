package dev.errand.automation.trigger;

import dev.errand.base.http.BearerToken;
import dev.errand.base.json.Durations;
import dev.errand.base.secret.Hmac;
import dev.errand.base.secret.PlainSecret;
import dev.errand.base.secret.WebhookSecret;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;

/**
 * Verifies the signature of a delivery over the bytes of its body. Each secret is tried, and codes
 * are compared in constant time.
 */
public final class Signatures {
  private static final String BEARER = "bearer ";

  private Signatures() {}

  /**
   * The data to verify a delivery with.
   *
   * @param tolerance how far the signed time may be off, in either direction
   */
  public record Verification(List<PlainSecret> secrets, Instant now, Duration tolerance) {}

  /**
   * Checks a delivery.
   *
   * @throws SignatureRefusedException if no signature is valid
   */
  public static void check(
      SignatureScheme scheme, HookRequest incoming, Verification verification) {
    switch (scheme) {
      case URL -> {}
      case STANDARD_WEBHOOKS -> standardWebhooks(incoming, verification);
      case GITHUB -> github(incoming, verification);
      case STRIPE -> stripe(incoming, verification);
      case SLACK -> slack(incoming, verification);
      case BEARER -> bearer(incoming, verification);
    }
  }

  private static void standardWebhooks(HookRequest incoming, Verification verification) {
    String family = headerPrefix(incoming.fields());
    String id = incoming.fields().single(family + "id");
    if (id.indexOf('.') >= 0) {
      // The signed text would also be that of another id, time and body.
      throw new SignatureRefusedException(
          "The header "
              + family
              + "id has a dot, which separates the signed parts: use other ids.");
    }
    String timestamp = incoming.fields().single(family + "timestamp");
    String header = incoming.fields().single(family + "signature");
    checkTime(timestamp, verification);
    List<byte[]> given = new ArrayList<>();
    for (String signature : header.split(" ", -1)) {
      if (signature.startsWith("v1,")) {
        add(given, signature.substring(3), Base64.getDecoder()::decode);
      }
    }
    checkAny(
        given,
        verification.secrets().stream()
            .map(secret -> WebhookSecret.parse(secret.value()).code(id, timestamp, incoming.body()))
            .toList());
  }

  private static void github(HookRequest incoming, Verification verification) {
    String header = incoming.fields().single("x-hub-signature-256");
    if (!header.startsWith("sha256=")) {
      throw new SignatureRefusedException("The header x-hub-signature-256 is not sha256=<hex>.");
    }
    List<byte[]> given = new ArrayList<>();
    add(given, header.substring(7), HexFormat.of()::parseHex);
    checkAny(given, codes(verification, incoming.body()));
  }

  private static void stripe(HookRequest incoming, Verification verification) {
    String timestamp = stripeTime(incoming.fields());
    checkTime(timestamp, verification);
    List<byte[]> given = new ArrayList<>();
    for (String signature : stripeElements(incoming.fields(), "v1=")) {
      add(given, signature, HexFormat.of()::parseHex);
    }
    checkAny(given, codes(verification, utf8(timestamp + "."), incoming.body()));
  }

  /**
   * The time that Stripe signed.
   *
   * @throws SignatureRefusedException when the header has not exactly one
   */
  public static String stripeTime(Fields fields) {
    List<String> times = stripeElements(fields, "t=");
    if (times.size() != 1) {
      throw new SignatureRefusedException(
          "The header stripe-signature must have exactly one time, t=….");
    }
    return times.getFirst();
  }

  private static List<String> stripeElements(Fields fields, String prefix) {
    return Arrays.stream(fields.single("stripe-signature").split(",", -1))
        .map(String::strip)
        .filter(element -> element.startsWith(prefix))
        .map(element -> element.substring(prefix.length()))
        .toList();
  }

  private static void slack(HookRequest incoming, Verification verification) {
    String timestamp = incoming.fields().single("x-slack-request-timestamp");
    String header = incoming.fields().single("x-slack-signature");
    checkTime(timestamp, verification);
    List<byte[]> given = new ArrayList<>();
    if (header.startsWith("v0=")) {
      add(given, header.substring(3), HexFormat.of()::parseHex);
    }
    checkAny(given, codes(verification, utf8("v0:" + timestamp + ":"), incoming.body()));
  }

  private static void bearer(HookRequest incoming, Verification verification) {
    String token =
        BearerToken.of(incoming.fields().single("authorization"))
            .orElseThrow(
                () ->
                    new SignatureRefusedException(
                        "The header authorization is not Bearer <secret>."));
    // Compares codes under a fixed key, so that the time does not reveal the length of the secret.
    byte[] given = Hmac.sha256(utf8(BEARER), utf8(token));
    List<byte[]> codes =
        verification.secrets().stream()
            .map(secret -> Hmac.sha256(utf8(BEARER), utf8(secret.value())))
            .toList();
    if (!fitsAny(List.of(given), codes)) {
      throw new SignatureRefusedException(
          "The secret in the header authorization is not a secret of this trigger.");
    }
  }

  private static void checkTime(String timestamp, Verification verification) {
    if (!timestamp.matches("[0-9]{1,12}")) {
      throw new SignatureRefusedException("The timestamp is not a number of seconds since 1970.");
    }
    Instant at = Instant.ofEpochSecond(Long.parseLong(timestamp));
    Duration away = Duration.between(at, verification.now()).abs();
    if (away.compareTo(verification.tolerance()) > 0) {
      throw new SignatureRefusedException(
          "The timestamp is more than "
              + Durations.words(verification.tolerance())
              + " from now: send the delivery again, and check the sender's clock.");
    }
  }

  private static void checkAny(List<byte[]> given, List<byte[]> codes) {
    if (!fitsAny(given, codes)) {
      throw new SignatureRefusedException(
          given.isEmpty()
              ? "The delivery has no signature in a valid form."
              : "The signature does not match this trigger's secret and this body.");
    }
  }

  private static boolean fitsAny(List<byte[]> given, List<byte[]> codes) {
    boolean fits = false;
    for (byte[] signature : given) {
      for (byte[] code : codes) {
        fits |= MessageDigest.isEqual(code, signature);
      }
    }
    return fits;
  }

  private static List<byte[]> codes(Verification verification, byte[]... parts) {
    return verification.secrets().stream()
        .map(secret -> Hmac.sha256(utf8(secret.value()), parts))
        .toList();
  }

  private static void add(List<byte[]> given, String text, Decoder decoder) {
    try {
      given.add(decoder.decode(text));
    } catch (IllegalArgumentException e) {
      // A malformed signature is skipped; another one in the header may be valid.
    }
  }

  private static byte[] utf8(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  @FunctionalInterface
  private interface Decoder {
    byte[] decode(String text);
  }

  /** The prefix of the header fields of Standard Webhooks, which older senders name after Svix. */
  public static String headerPrefix(Fields fields) {
    return fields.first("webhook-signature").isEmpty() && fields.first("svix-signature").isPresent()
        ? "svix-"
        : "webhook-";
  }
}
