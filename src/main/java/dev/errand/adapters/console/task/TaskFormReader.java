package dev.errand.adapters.console.task;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.errand.adapters.console.page.RunnerFields;
import dev.errand.adapters.console.page.RunnerForms;
import dev.errand.adapters.console.page.SentForm;
import dev.errand.base.error.ApiException;
import dev.errand.base.json.Durations;
import dev.errand.base.json.Json;
import dev.errand.base.json.MergePatch;
import dev.errand.base.secret.Sha256;
import dev.errand.models.port.ModelSettings;
import dev.errand.models.port.Runners;
import dev.errand.runs.task.TaskRegistration;
import dev.errand.runs.task.TaskSettings;
import dev.errand.runs.task.TaskView;
import dev.errand.runs.task.TaskWatch;
import jakarta.enterprise.context.ApplicationScoped;
import java.math.BigDecimal;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Fills the form of a task, and reads the request from it. */
@ApplicationScoped
class TaskFormReader {
  static final String PROMPT = "prompt";
  static final String SYSTEM = "system";
  static final String PROVIDER = "provider";
  static final String VERSION = "version";

  private static final String READY_EVERY = "watch.ready_every";
  private static final String ENDS_WITHIN = "watch.ends_within";
  private static final String ERRORS_IN_A_ROW = "watch.errors_in_a_row";

  /** The fields of the task's watch. */
  static final List<String> WATCH = List.of(READY_EVERY, ENDS_WITHIN, ERRORS_IN_A_ROW);

  private static final String OUTPUT_SCHEMA = "output_schema";
  private static final String MAX_COST = "max_cost_usd";
  private static final String OUTPUT_REPAIRS = "output_repairs";
  private static final List<String> WHOLE =
      List.of(
          "max_steps",
          "max_tokens",
          "max_tool_calls",
          "max_attempts",
          "concurrency",
          OUTPUT_REPAIRS);

  private final RunnerForms runnerForms;
  private final Runners runners;
  private final Json json;

  TaskFormReader(RunnerForms runnerForms, Runners runners, Json json) {
    this.runnerForms = runnerForms;
    this.runners = runners;
    this.json = json;
  }

  /** The fields of a new task, as its unchanged form sends them. */
  SentForm empty() {
    Map<String, @Nullable String> fields = new HashMap<>();
    fields.put(RunnerForms.RUNNER, runnerForms.first());
    fill(fields, true, TaskSettings.DEFAULT);
    return SentForm.of(fields);
  }

  /** The fields of a task as it is, as its unchanged form sends them. */
  SentForm of(TaskView task) {
    Map<String, @Nullable String> fields = new HashMap<>();
    ModelSettings own = stored(task);
    fields.put(PROMPT, own.prompt());
    fields.put(SYSTEM, own.system());
    fields.put("model", own.model());
    fields.put("base_url", own.baseUrl());
    runnerForms.fill(fields, own);
    fields.put(PROVIDER, task.provider());
    fields.put(VERSION, version(task));
    fill(fields, task.enabled(), task.settings().bounds());
    return SentForm.of(fields);
  }

  /**
   * The runners that the form offers.
   *
   * @param known the present task; null for a new one
   */
  List<RunnerFields> runners(SentForm sent, @Nullable TaskView known) {
    return runnerForms.of(sent, known == null ? null : known.runner());
  }

  /** The message that is shown above the form. */
  String refusal(ApiException e) {
    return runnerForms.refusal(e);
  }

  private static void fill(
      Map<String, @Nullable String> fields, boolean enabled, TaskSettings settings) {
    if (enabled) {
      fields.put("enabled", "true");
    }
    fields.put("timeout", Durations.typed(settings.timeout()));
    fields.put("max_steps", Integer.toString(settings.maxSteps()));
    fields.put("max_tokens", Long.toString(settings.maxTokens()));
    fields.put(
        MAX_COST, BigDecimal.valueOf(settings.maxCostUsd()).stripTrailingZeros().toPlainString());
    fields.put("max_tool_calls", Integer.toString(settings.maxToolCalls()));
    fields.put("max_attempts", Integer.toString(settings.maxAttempts()));
    fields.put("concurrency", Integer.toString(settings.concurrency()));
    fields.put("overlap", settings.overlap());
    ObjectNode schema = settings.outputSchema();
    fields.put(OUTPUT_SCHEMA, schema == null ? "" : schema.toPrettyString());
    Integer repairs = settings.outputRepairs();
    fields.put(OUTPUT_REPAIRS, repairs == null ? "" : repairs.toString());
    ExpectFields.fill(fields, settings.expect());
    ToolFields.fill(fields, settings);
    ApprovalFields.fill(fields, settings);
    TaskWatch watch = settings.watch();
    if (watch != null) {
      put(fields, READY_EVERY, typed(watch.readyEvery()));
      put(fields, ENDS_WITHIN, typed(watch.endsWithin()));
      put(fields, ERRORS_IN_A_ROW, watch.errorsInARow());
    }
    CallbackFields.fill(fields, settings.callbacks());
  }

  private static @Nullable String typed(@Nullable Duration length) {
    return length == null ? null : Durations.typed(length);
  }

  private static void put(
      Map<String, @Nullable String> fields, String field, @Nullable Object value) {
    fields.put(field, value == null ? "" : value.toString());
  }

  /**
   * The registration of the form.
   *
   * @param known the present task, whose settings without a field stay; null for a new one
   * @throws ApiException that names the field which is wrong
   */
  TaskRegistration registration(SentForm sent, @Nullable TaskView known) {
    return known == null
        ? json.request(changes(sent, null), TaskRegistration.class)
        : TaskRegistration.patched(known, changes(sent, known), runners, json);
  }

  /**
   * What the form says, as a request that registers a task, or as a patch of an existing one.
   *
   * @param known the present task; null for a new one
   * @throws ApiException that names the field which is wrong
   */
  ObjectNode changes(SentForm sent, @Nullable TaskView known) {
    ObjectNode request = json.object().put("enabled", sent.has("enabled"));
    String provider = sent.text(PROVIDER);
    if (!provider.isEmpty()) {
      request.put(PROVIDER, provider);
    } else if (known != null) {
      request.putNull(PROVIDER);
    }
    String runner = sent.line(RunnerForms.RUNNER);
    if (!runner.isEmpty()) {
      request.put("runner", runner);
    }
    if (runnerForms.isKnown(runner, known == null ? null : known.runner())) {
      ModelSettings before = known == null ? null : stored(known);
      ObjectNode model = runnerForms.settings(sent, before);
      model.put(PROMPT, sent.value(PROMPT));
      text(model, SYSTEM, sent.value(SYSTEM));
      text(model, "model", sent.text("model"));
      if (provider.isEmpty()) {
        text(model, "base_url", sent.text("base_url"));
      }
      request.set(
          runner,
          before != null && before.runner().equals(runner)
              ? MergePatch.between((ObjectNode) json.tree(json.write(before)), model)
              : model);
    }
    ObjectNode settings = request.putObject("settings");
    settings(settings, sent, known != null);
    ExpectFields.put(settings, sent, known == null ? null : known.settings().bounds().expect());
    ToolFields.put(settings, sent, known == null ? null : known.settings().bounds());
    ApprovalFields.put(settings, sent, known == null ? null : known.settings().bounds());
    return request;
  }

  /** A value that differs after each change of a task. */
  String version(TaskView task) {
    return Sha256.hex(json.write(task));
  }

  /** Whether a task was changed after the sent form was shown. */
  boolean isOutdated(SentForm sent, TaskView known) {
    String version = sent.value(VERSION);
    return !version.isEmpty() && !version.equals(version(known));
  }

  private void settings(ObjectNode settings, SentForm sent, boolean isPatch) {
    for (String field : List.of("key", "timeout", "overlap")) {
      String text = sent.text(field);
      if (!text.isEmpty()) {
        settings.put(field, text);
      }
    }
    for (String field : WHOLE) {
      Long number = sent.number(field, "settings." + field);
      if (number != null) {
        settings.put(field, number);
      }
    }
    maxCost(settings, sent);
    outputSchema(settings, sent, isPatch);
    watch(settings, sent, isPatch);
    CallbackFields.put(settings, sent);
  }

  // A form without the field leaves the schema unchanged.
  private void outputSchema(ObjectNode settings, SentForm sent, boolean isPatch) {
    String text = sent.value(OUTPUT_SCHEMA);
    if (!text.isBlank()) {
      settings.set(
          OUTPUT_SCHEMA,
          json.parse(text)
              .filter(JsonNode::isObject)
              .orElseThrow(
                  () ->
                      ApiException.invalid(
                          "settings." + OUTPUT_SCHEMA, "must be a JSON object, a JSON Schema")));
    } else if (isPatch && sent.has(OUTPUT_SCHEMA)) {
      settings.putNull(OUTPUT_SCHEMA);
    }
    if (isPatch && sent.has(OUTPUT_REPAIRS) && sent.text(OUTPUT_REPAIRS).isEmpty()) {
      settings.putNull(OUTPUT_REPAIRS);
    }
  }

  // A form without the fields leaves the watch unchanged.
  private static void watch(ObjectNode settings, SentForm sent, boolean isPatch) {
    for (String field : WATCH) {
      String text = sent.text(field);
      String name = field.substring(field.indexOf('.') + 1);
      if (text.isEmpty()) {
        if (isPatch && sent.has(field)) {
          settings.withObject("/watch").putNull(name);
        }
      } else if (!field.equals(ERRORS_IN_A_ROW)) {
        settings.withObject("/watch").put(name, text);
      } else {
        settings.withObject("/watch").put(name, sent.number(field, "settings." + field));
      }
    }
  }

  // Empty fields are reset to the default.
  private static void text(ObjectNode model, String field, String text) {
    if (!text.isBlank()) {
      model.put(field, text);
    }
  }

  /** The task's own settings as they are stored: without the server where it names none. */
  private static ModelSettings stored(TaskView task) {
    return task.provider() == null ? task.effective() : task.model().any();
  }

  private static void maxCost(ObjectNode settings, SentForm sent) {
    String text = sent.line(MAX_COST);
    if (!text.matches("([0-9]{1,10}(\\.[0-9]{1,10})?)?")) {
      throw ApiException.invalid("settings." + MAX_COST, "must be a number such as 0.5");
    }
    if (!text.isEmpty()) {
      settings.put(MAX_COST, new BigDecimal(text));
    }
  }
}
