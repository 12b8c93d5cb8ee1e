package dev.errand.adapters.console.trigger;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.errand.adapters.console.page.SentForm;
import dev.errand.adapters.console.page.SettingsForm;
import dev.errand.automation.trigger.SignatureScheme;
import dev.errand.automation.trigger.TriggerRequest;
import dev.errand.automation.trigger.TriggerView;
import dev.errand.base.error.ApiException;
import dev.errand.base.json.Json;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The form that creates or changes a trigger.
 *
 * @param tasks the tasks to choose from, for a new one
 * @param task the name of its task; empty where none is chosen yet
 * @param secretHints the end of each secret that the trigger has; empty for none
 * @param tried which past deliveries would start runs; null where that was not asked
 */
public record TriggerForm(
    List<String> tasks,
    String task,
    String secretHints,
    SettingsForm<TriggerRequest> form,
    @Nullable List<TriedLine> tried) {
  private static final List<String> SHOWN =
      List.of(
          "scheme",
          "when",
          "headers",
          "rate_per_minute",
          "max_body_bytes",
          "tolerance",
          "expires_at");

  /**
   * The form of a new trigger.
   *
   * @param task the chosen task; empty for none
   */
  static TriggerForm empty(List<String> tasks, String task) {
    Map<String, String> values = Map.of("scheme", SignatureScheme.URL.code());
    return new TriggerForm(
        tasks, task, "", SettingsForm.empty(TriggerRequest.class, SHOWN, values), null);
  }

  /** The form of a trigger as it is. */
  static TriggerForm of(String task, TriggerView trigger, Json json) {
    return new TriggerForm(
        List.of(),
        task,
        String.join(", ", trigger.secretHints()),
        SettingsForm.of(TriggerRequest.class, SHOWN, trigger, trigger.name(), json),
        null);
  }

  /** The same as it was sent. */
  TriggerForm sent(SentForm fields) {
    return new TriggerForm(tasks, task, secretHints, form.sent(fields), null);
  }

  /** The same with what is wrong with it. */
  TriggerForm refused(List<String> choice, ApiException why) {
    return new TriggerForm(choice, task, secretHints, form.refused(why), null);
  }

  /** The same with which past deliveries would start runs. */
  TriggerForm tried(List<TriedLine> lines) {
    return new TriggerForm(tasks, task, secretHints, form, lines);
  }

  /**
   * A past delivery beside the condition of the form.
   *
   * @param unmet why it would start no run; null where it would
   */
  public record TriedLine(TriggerDeliveryLine line, @Nullable String unmet) {}

  /**
   * The request of the form.
   *
   * @throws ApiException that names the field which is wrong
   */
  TriggerRequest request(Json json) {
    ObjectNode request = form.request(json).put("name", form.name());
    request.set(
        "secrets",
        json.toTree(
            Stream.of("secret", "second_secret")
                .map(form.sent()::line)
                .filter(secret -> !secret.isEmpty())
                .toList()));
    return json.request(request, TriggerRequest.class);
  }
}
