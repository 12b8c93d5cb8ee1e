package dev.errand.adapters.console.trigger;

import dev.errand.adapters.console.page.PageTime;
import dev.errand.adapters.console.page.SentForm;
import dev.errand.adapters.console.page.Texts;
import dev.errand.automation.trigger.SignatureScheme;
import dev.errand.automation.trigger.TriggerRequest;
import dev.errand.automation.trigger.TriggerView;
import dev.errand.base.error.ApiException;
import dev.errand.base.json.Durations;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The form that creates or changes a trigger.
 *
 * @param tasks the tasks to choose from, for a new one
 * @param task the name of its task; empty where none is chosen yet
 * @param trigger the trigger as it is; null for a new one
 * @param sent its fields, as they were sent or as the unchanged form sends them
 * @param message why it was refused; null where it was not
 * @param tried which past deliveries would start runs; null where that was not asked
 */
public record TriggerForm(
    List<String> tasks,
    String task,
    @Nullable TriggerView trigger,
    SentForm sent,
    @Nullable String message,
    @Nullable List<TriedLine> tried) {
  private static final List<Scheme> SCHEMES =
      Stream.of(SignatureScheme.values())
          .map(scheme -> new Scheme(scheme.code(), words(scheme)))
          .toList();
  // A form's field for a time sends it without an offset.
  private static final Pattern WITHOUT_OFFSET =
      Pattern.compile("[0-9]{4}-[0-9]{2}-[0-9]{2}[T ][0-9]{2}:[0-9]{2}(:[0-9]{2}(\\.[0-9]+)?)?");

  /**
   * How deliveries are authenticated.
   *
   * @param words its name for people
   */
  public record Scheme(String code, String words) {}

  /**
   * The form of a new trigger.
   *
   * @param task the chosen task; empty for none
   */
  static TriggerForm empty(List<String> tasks, String task) {
    return new TriggerForm(
        tasks, task, null, SentForm.of(Map.of("scheme", SignatureScheme.URL.code())), null, null);
  }

  /** The form of a trigger as it is. */
  static TriggerForm of(String task, TriggerView trigger) {
    Map<String, String> fields =
        Map.of(
            "scheme", trigger.scheme(),
            "tolerance", Durations.typed(trigger.tolerance()),
            "rate_per_minute", Integer.toString(trigger.ratePerMinute()),
            "max_body_bytes", Integer.toString(trigger.maxBodyBytes()),
            "expires_at", local(trigger.expiresAt()),
            "when", trigger.when() == null ? "" : trigger.when(),
            "headers", String.join("\n", trigger.headers()));
    return sent(task, trigger, SentForm.of(fields));
  }

  /**
   * The form as it was sent.
   *
   * @param trigger the trigger as it is; null for a new one
   */
  static TriggerForm sent(String task, @Nullable TriggerView trigger, SentForm sent) {
    return new TriggerForm(List.of(), task, trigger, sent, null, null);
  }

  /** The same with what is wrong with it. */
  TriggerForm refused(List<String> choice, String why) {
    return new TriggerForm(choice, task, trigger, sent, why, null);
  }

  /** The same with which past deliveries would start runs. */
  TriggerForm tried(List<TriedLine> lines) {
    return new TriggerForm(tasks, task, trigger, sent, null, lines);
  }

  /**
   * A past delivery beside the condition of the form.
   *
   * @param address its page
   * @param unmet why it would start no run; null where it would
   */
  public record TriedLine(
      String address, PageTime received, String verdict, @Nullable String unmet) {}

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

  /** Whether it creates a trigger. */
  public boolean isNew() {
    return trigger == null;
  }

  /** The name of the trigger; for a new one, as far as it has been entered. */
  public String name() {
    return trigger == null ? sent.line("name") : trigger.name();
  }

  /** The end of each secret that the trigger has; empty for none. */
  public String secretHints() {
    return trigger == null ? "" : String.join(", ", trigger.secretHints());
  }

  /** The schemes to choose from. */
  public List<Scheme> schemes() {
    return SCHEMES;
  }

  /**
   * The request of the form.
   *
   * @throws ApiException that names the field which is wrong
   */
  TriggerRequest request() {
    List<String> secrets =
        Stream.of("secret", "second_secret")
            .map(sent::line)
            .filter(secret -> !secret.isEmpty())
            .toList();
    return new TriggerRequest(
        name(),
        sent.line("scheme"),
        secrets,
        Texts.givenOrNull(sent.line("tolerance")),
        sent.integer("rate_per_minute", "rate_per_minute"),
        sent.integer("max_body_bytes", "max_body_bytes"),
        end(sent.line("expires_at")),
        trigger == null || trigger.enabled(),
        // A form without the fields leaves them unchanged.
        trigger == null || sent.has("when") ? Texts.givenOrNull(sent.text("when")) : trigger.when(),
        trigger == null || sent.has("headers")
            ? List.copyOf(sent.items("headers"))
            : List.copyOf(trigger.headers()));
  }

  // An unchanged expiry may have passed.
  private @Nullable String end(String text) {
    Instant before = trigger == null ? null : trigger.expiresAt();
    if (before != null && text.equals(local(before))) {
      return before.toString();
    }
    return WITHOUT_OFFSET.matcher(text).matches() ? text + "Z" : Texts.givenOrNull(text);
  }

  private static String local(@Nullable Instant time) {
    return time == null ? "" : LocalDateTime.ofInstant(time, ZoneOffset.UTC).toString();
  }
}
