package dev.errand.adapters.console.trigger;

import dev.errand.adapters.console.trigger.TriggerFormView.Scheme;
import dev.errand.automation.trigger.SignatureScheme;
import dev.errand.automation.trigger.TriggerRequest;
import dev.errand.automation.trigger.TriggerView;
import dev.errand.base.error.ApiException;
import jakarta.ws.rs.core.MultivaluedMap;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Fills the form of a trigger, and reads the request from it. */
final class TriggerForm {
  private static final List<Scheme> SCHEMES =
      Stream.of(SignatureScheme.values())
          .map(scheme -> new Scheme(scheme.code(), words(scheme)))
          .toList();
  private static final Pattern NUMBER = Pattern.compile("[0-9]{1,9}");
  // A form's field for a time sends it without an offset.
  private static final Pattern WITHOUT_OFFSET =
      Pattern.compile("[0-9]{4}-[0-9]{2}-[0-9]{2}[T ][0-9]{2}:[0-9]{2}(:[0-9]{2}(\\.[0-9]+)?)?");

  private TriggerForm() {}

  /** The name of a scheme for people. */
  static String words(String code) {
    return words(SignatureScheme.of(code));
  }

  private static String words(SignatureScheme scheme) {
    return switch (scheme) {
      case URL -> "Signed URL";
      case STANDARD_WEBHOOKS -> "Standard Webhooks";
      case GITHUB -> "GitHub";
      case STRIPE -> "Stripe";
      case SLACK -> "Slack";
      case BEARER -> "Bearer token";
    };
  }

  /**
   * The form of a new trigger.
   *
   * @param tasks the tasks to choose from
   * @param task the chosen one; empty for none
   */
  static TriggerFormView empty(List<String> tasks, String task) {
    return new TriggerFormView(
        true, tasks, task, "", null, SCHEMES, SignatureScheme.URL.code(), "", "", "", "", "");
  }

  /** The form of a trigger as it is. */
  static TriggerFormView of(String task, TriggerView trigger) {
    return new TriggerFormView(
        false,
        List.of(),
        task,
        trigger.name(),
        null,
        SCHEMES,
        trigger.scheme(),
        String.join(", ", trigger.secretHints()),
        trigger.tolerance().toString(),
        Integer.toString(trigger.ratePerMinute()),
        Integer.toString(trigger.maxBodyBytes()),
        local(trigger.expiresAt()));
  }

  /**
   * The form as it was sent, with what is wrong with it.
   *
   * @param tasks the tasks to choose from, for a new one
   * @param known the trigger as it is; null for a new one
   */
  static TriggerFormView refused(
      MultivaluedMap<String, String> sent,
      List<String> tasks,
      String task,
      @Nullable TriggerView known,
      String message) {
    return new TriggerFormView(
        known == null,
        tasks,
        task,
        known == null ? given(sent, "name") : known.name(),
        message,
        SCHEMES,
        given(sent, "scheme"),
        known == null ? "" : String.join(", ", known.secretHints()),
        given(sent, "tolerance"),
        given(sent, "rate_per_minute"),
        given(sent, "max_body_bytes"),
        given(sent, "expires_at"));
  }

  /**
   * The request of the form.
   *
   * @param known the trigger as it is; null for a new one
   * @throws ApiException that names the field which is wrong
   */
  static TriggerRequest request(MultivaluedMap<String, String> sent, @Nullable TriggerView known) {
    List<String> secrets =
        Stream.of("secret", "second_secret")
            .map(field -> given(sent, field))
            .filter(secret -> !secret.isEmpty())
            .toList();
    return new TriggerRequest(
        known == null ? given(sent, "name") : known.name(),
        given(sent, "scheme"),
        secrets,
        orNull(given(sent, "tolerance")),
        number(sent, "rate_per_minute"),
        number(sent, "max_body_bytes"),
        end(given(sent, "expires_at"), known),
        known == null || known.enabled());
  }

  // An unchanged expiry may have passed.
  private static @Nullable String end(String text, @Nullable TriggerView known) {
    Instant before = known == null ? null : known.expiresAt();
    if (before != null && text.equals(local(before))) {
      return before.toString();
    }
    return WITHOUT_OFFSET.matcher(text).matches() ? text + "Z" : orNull(text);
  }

  private static String local(@Nullable Instant time) {
    return time == null ? "" : LocalDateTime.ofInstant(time, ZoneOffset.UTC).toString();
  }

  private static @Nullable Integer number(MultivaluedMap<String, String> sent, String field) {
    String text = given(sent, field);
    if (text.isEmpty()) {
      return null;
    }
    if (!NUMBER.matcher(text).matches()) {
      throw ApiException.invalid(field, "must be a whole number");
    }
    return Integer.valueOf(text);
  }

  /** A field. */
  static String given(MultivaluedMap<String, String> sent, String name) {
    String text = sent.getFirst(name);
    return text == null ? "" : text.strip();
  }

  private static @Nullable String orNull(String text) {
    return text.isEmpty() ? null : text;
  }
}
