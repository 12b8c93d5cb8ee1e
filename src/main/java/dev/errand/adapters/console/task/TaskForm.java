package dev.errand.adapters.console.task;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.errand.base.error.ApiException;
import dev.errand.base.json.Json;
import dev.errand.models.model.settings.ModelSettings;
import dev.errand.models.model.settings.SettingsByRunner;
import dev.errand.runs.task.settings.TaskSettings;
import dev.errand.runs.task.settings.TaskView;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.ws.rs.core.MultivaluedMap;
import java.math.BigDecimal;
import org.jspecify.annotations.Nullable;

/** Makes the form of a task, and reads the request from it. */
@ApplicationScoped
class TaskForm {
  private final Json json;

  TaskForm(Json json) {
    this.json = json;
  }

  /** The form of a task that is not there yet. */
  TaskFormView empty() {
    TaskSettings usual = TaskSettings.DEFAULT;
    return new TaskFormView(
        true,
        "",
        null,
        "",
        "",
        "",
        "",
        "",
        "",
        true,
        usual.timeout().toString(),
        Integer.toString(usual.maxSteps()),
        Long.toString(usual.maxTokens()),
        plain(usual.maxCostUsd()),
        Integer.toString(usual.maxToolCalls()));
  }

  /** The form of a task as it is. */
  TaskFormView of(TaskView task) {
    ModelSettings own = task.model().require(task.runner());
    TaskSettings bounds = task.settings().bounds();
    return new TaskFormView(
        false,
        task.name(),
        null,
        own.prompt(),
        text(own.system()),
        text(own.model()),
        text(own.baseUrl()),
        text(task.provider()),
        text(task.settings().keyHint()),
        task.enabled(),
        bounds.timeout().toString(),
        Integer.toString(bounds.maxSteps()),
        Long.toString(bounds.maxTokens()),
        plain(bounds.maxCostUsd()),
        Integer.toString(bounds.maxToolCalls()));
  }

  /**
   * The form as it was sent, with what is wrong with it.
   *
   * @param known the task as it is; null for one that is not there yet
   */
  TaskFormView refused(
      MultivaluedMap<String, String> sent, @Nullable TaskView known, String message) {
    return new TaskFormView(
        known == null,
        known == null ? given(sent, "name") : known.name(),
        message,
        given(sent, "prompt"),
        given(sent, "system"),
        given(sent, "model"),
        given(sent, "base_url"),
        known == null ? given(sent, "provider") : text(known.provider()),
        known == null ? "" : text(known.settings().keyHint()),
        sent.containsKey("enabled"),
        given(sent, "timeout"),
        given(sent, "max_steps"),
        given(sent, "max_tokens"),
        given(sent, "max_cost_usd"),
        given(sent, "max_tool_calls"));
  }

  /**
   * A request that registers the task of the form.
   *
   * @throws ApiException that names the field which is wrong
   */
  ObjectNode registration(MultivaluedMap<String, String> sent) {
    ObjectNode request = changes(sent, SettingsByRunner.RUNNERS, false);
    String provider = given(sent, "provider").strip();
    if (provider.isEmpty()) {
      request.put("runner", SettingsByRunner.RUNNERS);
    } else {
      request.put("provider", provider);
    }
    return request;
  }

  /**
   * A patch of a task that makes it what the form says.
   *
   * @throws ApiException that names the field which is wrong
   */
  ObjectNode patch(MultivaluedMap<String, String> sent, TaskView known) {
    return changes(sent, known.runner(), true);
  }

  /**
   * What the form says.
   *
   * @param isPatch whether what it leaves empty is put back to the default
   */
  private ObjectNode changes(MultivaluedMap<String, String> sent, String runner, boolean isPatch) {
    ObjectNode request = json.object().put("enabled", sent.containsKey("enabled"));
    ObjectNode model = request.putObject(runner);
    model.put("prompt", given(sent, "prompt"));
    for (String field : new String[] {"system", "model", "base_url"}) {
      String text = field.equals("system") ? given(sent, field) : given(sent, field).strip();
      if (!text.isBlank()) {
        model.put(field, text);
      } else if (isPatch) {
        model.putNull(field);
      }
    }
    ObjectNode settings = request.putObject("settings");
    String key = given(sent, "key").strip();
    if (!key.isEmpty()) {
      settings.put("key", key);
    }
    String timeout = given(sent, "timeout").strip();
    if (!timeout.isEmpty()) {
      settings.put("timeout", timeout);
    }
    number(settings, sent, "max_steps");
    number(settings, sent, "max_tokens");
    number(settings, sent, "max_cost_usd");
    number(settings, sent, "max_tool_calls");
    return request;
  }

  private static void number(
      ObjectNode settings, MultivaluedMap<String, String> sent, String field) {
    String text = given(sent, field).strip();
    if (text.isEmpty()) {
      return;
    }
    boolean isWhole = !field.equals("max_cost_usd");
    if (!text.matches(isWhole ? "[0-9]{1,10}" : "[0-9]{1,10}(\\.[0-9]{1,10})?")) {
      throw ApiException.invalid(
          "settings." + field, isWhole ? "must be a whole number" : "must be a number such as 0.5");
    }
    if (isWhole) {
      settings.put(field, Long.parseLong(text));
    } else {
      settings.put(field, new BigDecimal(text));
    }
  }

  private static String given(MultivaluedMap<String, String> sent, String name) {
    String text = sent.getFirst(name);
    // Browsers send the ends of lines as CR LF.
    return text == null ? "" : text.replace("\r\n", "\n");
  }

  private static String text(@Nullable String text) {
    return text == null ? "" : text;
  }

  private static String plain(double number) {
    return BigDecimal.valueOf(number).stripTrailingZeros().toPlainString();
  }
}
