package dev.errand.adapters.console.task;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.DecimalNode;
import com.fasterxml.jackson.databind.node.LongNode;
import com.fasterxml.jackson.databind.node.NullNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import dev.errand.adapters.console.page.RunnerFields;
import dev.errand.adapters.console.page.RunnerForms;
import dev.errand.adapters.console.page.SentForm;
import dev.errand.base.error.ApiException;
import dev.errand.base.field.DeclaredField;
import dev.errand.base.field.DeclaredFields;
import dev.errand.base.json.Durations;
import dev.errand.base.json.Json;
import dev.errand.base.json.MergePatch;
import dev.errand.base.json.PrettyJson;
import dev.errand.models.port.ModelSettings;
import dev.errand.models.port.Runners;
import dev.errand.runs.task.TaskRegistration;
import dev.errand.runs.task.TaskSettings;
import dev.errand.runs.task.TaskView;
import jakarta.enterprise.context.ApplicationScoped;
import java.math.BigDecimal;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Fills the form of a task, and reads the request from it. */
@ApplicationScoped
class TaskFormReader {
  static final String PROMPT = "prompt";
  static final String SYSTEM = "system";
  static final String PROVIDER = "provider";

  static final String APPROVAL_DEADLINE = "approval_deadline";

  /** The fields of the task's watch. */
  static final List<String> WATCH =
      List.of("watch.ready_every", "watch.ends_within", "watch.errors_in_a_row");

  /** What the settings of tasks declare. */
  static final DeclaredFields DECLARED = DeclaredFields.of(TaskSettings.Request.class);

  // The settings whose inputs follow from what they declare, by their names in requests.
  private static final List<String> INPUTS =
      Stream.concat(
              Stream.of(
                  "timeout",
                  "max_steps",
                  "max_tokens",
                  "max_cost_usd",
                  "max_tool_calls",
                  "max_attempts",
                  "concurrency",
                  "overlap",
                  "output_repairs",
                  "service_tier_fallback",
                  APPROVAL_DEADLINE),
              WATCH.stream())
          .toList();

  private static final String OUTPUT_SCHEMA = "output_schema";

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
    INPUTS.forEach(name -> fields.put(name, text(DeclaredFields.value(settings, name))));
    ObjectNode schema = settings.outputSchema();
    fields.put(OUTPUT_SCHEMA, schema == null ? "" : PrettyJson.of(schema));
    ExpectFields.fill(fields, settings.expect());
    ToolFields.fill(fields, settings);
    ApprovalFields.fill(fields, settings);
    CallbackFields.fill(fields, settings.callbacks());
  }

  private static String text(@Nullable Object value) {
    return switch (value) {
      case null -> "";
      case Duration length -> Durations.typed(length);
      case Double number -> BigDecimal.valueOf(number).stripTrailingZeros().toPlainString();
      default -> value.toString();
    };
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
    settings(settings, sent, known == null ? null : known.settings().bounds());
    ExpectFields.put(settings, sent, known == null ? null : known.settings().bounds().expect());
    ToolFields.put(settings, sent, known == null ? null : known.settings().bounds());
    ApprovalFields.put(settings, sent, known == null ? null : known.settings().bounds());
    return request;
  }

  private void settings(ObjectNode settings, SentForm sent, @Nullable TaskSettings known) {
    text(settings, "key", sent.text("key"));
    INPUTS.forEach(name -> input(settings, name, sent, known));
    outputSchema(settings, sent, known != null);
    CallbackFields.put(settings, sent, known == null ? List.of() : known.callbacks());
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
  }

  // An emptied field is reset to its default; a form without it leaves it unchanged.
  private static void input(
      ObjectNode settings, String name, SentForm sent, @Nullable TaskSettings known) {
    // A program may have set what nobody would type, such as a cost with 17 decimals.
    if (known != null && sent.text(name).equals(text(DeclaredFields.value(known, name)))) {
      return;
    }
    int dot = name.indexOf('.');
    JsonNode value = value(name, sent);
    if (!value.isNull() || (known != null && sent.has(name))) {
      (dot < 0 ? settings : settings.withObject("/" + name.substring(0, dot)))
          .set(name.substring(dot + 1), value);
    }
  }

  private static JsonNode value(String name, SentForm sent) {
    DeclaredField declared = DECLARED.find(name).orElseThrow();
    if (declared.isWhole()) {
      Long number = sent.number(name, "settings." + name);
      return number == null ? NullNode.getInstance() : LongNode.valueOf(number);
    }
    String text = sent.text(name);
    if (text.isEmpty()) {
      return NullNode.getInstance();
    }
    if (!declared.isNumber()) {
      return TextNode.valueOf(text);
    }
    if (!text.matches("[0-9]{1,10}(\\.[0-9]{1,10})?")) {
      throw ApiException.invalid("settings." + name, "must be a number such as 0.5");
    }
    return DecimalNode.valueOf(new BigDecimal(text));
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
}
