package dev.errand.adapters.console.task;

import dev.errand.adapters.console.page.Choice;
import dev.errand.models.port.ModelSettings;
import dev.errand.runs.task.Callback;
import dev.errand.runs.task.TaskSettings;
import java.math.BigDecimal;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The form that registers or changes a task, with its values.
 *
 * @param action where it is sent to
 * @param message why it was refused; null where it was not
 * @param version identifies the state of the task when the form was shown; empty for a new one
 * @param fields the values of its fields
 * @param providers the providers to choose from, and none
 * @param keyHint the end of the task's own key; empty where it has none
 * @param callbacks its callbacks, and an empty one as long as there may be more
 * @param made the callbacks whose secrets have just been created, which are only shown now
 * @param trial a preview of a run, or the run that was started
 */
public record TaskFormView(
    boolean isNew,
    String action,
    @Nullable String message,
    String version,
    Fields fields,
    List<Choice> providers,
    String keyHint,
    List<CallbackFields> callbacks,
    List<Callback> made,
    TaskTrialView trial) {

  /**
   * The values of the fields.
   *
   * @param system the text before it
   * @param model the name of the model
   * @param more further settings of the model, a JSON object; empty for none
   * @param provider the provider that has its key; empty where it has its own
   * @param baseUrl the model's server; empty for the configured one
   * @param enabled whether runs of it can be started
   * @param timeout the longest that a run may take, as an ISO 8601 duration
   * @param maxSteps the most answers of the model
   * @param maxTokens the most tokens
   * @param maxCostUsd the most US dollars
   * @param maxToolCalls the most tool calls
   * @param maxAttempts how often a step is tried
   * @param concurrency how many runs are live at once
   * @param overlap what happens to a run that is started while another one is live
   */
  public record Fields(
      String name,
      String prompt,
      String system,
      String model,
      String more,
      String provider,
      String baseUrl,
      boolean enabled,
      String timeout,
      String maxSteps,
      String maxTokens,
      String maxCostUsd,
      String maxToolCalls,
      String maxAttempts,
      String concurrency,
      String overlap) {

    /**
     * The fields of a task.
     *
     * @param own its own settings of the model; null for a new task
     * @param more further settings of the model
     */
    static Fields of(
        String name,
        @Nullable ModelSettings own,
        String more,
        @Nullable String provider,
        boolean enabled,
        TaskSettings settings) {
      return new Fields(
          name,
          own == null ? "" : own.prompt(),
          own == null ? "" : text(own.system()),
          own == null ? "" : text(own.model()),
          more,
          text(provider),
          own == null ? "" : text(own.baseUrl()),
          enabled,
          settings.timeout().toString(),
          Integer.toString(settings.maxSteps()),
          Long.toString(settings.maxTokens()),
          BigDecimal.valueOf(settings.maxCostUsd()).stripTrailingZeros().toPlainString(),
          Integer.toString(settings.maxToolCalls()),
          Integer.toString(settings.maxAttempts()),
          Integer.toString(settings.concurrency()),
          settings.overlap());
    }

    private static String text(@Nullable String text) {
      return text == null ? "" : text;
    }
  }
}
