package dev.errand.automation.trigger;

import dev.errand.base.error.ApiException;
import dev.errand.base.secret.Sha256;
import dev.errand.runs.lifecycle.RunName;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.Stream;

/**
 * Chooses the name of the run of a delivery, so that a repeated delivery starts no second run.
 *
 * <p>If the signature covers an id, the name is that id, since other header fields could be forged.
 * Otherwise the caller may choose it by {@code run-id} or {@code Idempotency-Key}; else it is the
 * delivery id of the sender: in a header field, or that of the CloudEvent that the body is.
 */
final class TriggerDeliveryRunNames {
  private static final List<String> DELIVERY_IDS =
      List.of("webhook-id", "svix-id", "x-github-delivery", "ce-id");

  private TriggerDeliveryRunNames() {}

  /**
   * The name of the run.
   *
   * @param triggerId the trigger, so that equal deliveries to two triggers have different digests
   * @throws ApiException when {@code run-id} is not a valid name for a run
   */
  static String choose(
      UUID triggerId,
      SignatureScheme scheme,
      HookRequest incoming,
      TriggerDeliveryContent content) {
    Fields fields = incoming.fields();
    return switch (scheme) {
      case STANDARD_WEBHOOKS -> usable(fields.single(Signatures.headerPrefix(fields) + "id"));
      case STRIPE ->
          signed(content.text("id"), triggerId + "/" + Signatures.stripeTime(fields), incoming);
      case SLACK ->
          signed(
              content.text("event_id"),
              triggerId + "/" + fields.single("x-slack-request-timestamp"),
              incoming);
      case URL, GITHUB, BEARER ->
          asked(fields)
              .or(() -> content.eventId(true).map(TriggerDeliveryRunNames::usable))
              .orElseGet(TriggerDeliveryRunNames::fresh);
    };
  }

  static String fresh() {
    return UUID.randomUUID().toString();
  }

  private static Optional<String> asked(Fields fields) {
    Optional<String> chosen = fields.first("run-id");
    chosen.ifPresent(TriggerDeliveryRunNames::check);
    return chosen.or(
        () ->
            Stream.concat(
                    fields.first("idempotency-key").map(TriggerDeliveryRunNames::unquoted).stream(),
                    DELIVERY_IDS.stream().flatMap(name -> fields.first(name).stream()))
                .findFirst()
                .map(TriggerDeliveryRunNames::usable));
  }

  // Headers are decoded as Latin-1, so characters outside ASCII are not reliable.
  private static void check(String name) {
    if (!name.chars().allMatch(c -> c >= 0x20 && c < 0x7f)) {
      throw ApiException.invalid("run-id", "must consist of printable ASCII characters");
    }
    RunName.check(name);
  }

  // A repeated or captured delivery has the same signed time and body, so its digest is the same.
  private static String signed(Optional<String> id, String signed, HookRequest incoming) {
    return id.map(TriggerDeliveryRunNames::usable)
        .orElseGet(() -> digest((signed + ".").getBytes(StandardCharsets.UTF_8), incoming.body()));
  }

  // The header's grammar (RFC 9651) requires quotes, but many clients omit them.
  private static String unquoted(String key) {
    boolean quoted = key.length() > 2 && key.startsWith("\"") && key.endsWith("\"");
    return quoted ? key.substring(1, key.length() - 1) : key;
  }

  private static String usable(String id) {
    try {
      check(id);
      return id;
    } catch (ApiException e) {
      // Falls back to its digest, which is always a valid name.
    }
    return digest(id.getBytes(StandardCharsets.UTF_8));
  }

  private static String digest(byte[]... parts) {
    return "sha256:" + Sha256.hex(parts);
  }
}
