package dev.errand.adapters.console.task;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import dev.errand.adapters.console.page.SentForm;
import dev.errand.adapters.console.task.RunFormView.Field;
import dev.errand.base.error.ApiException;
import dev.errand.base.json.Json;
import dev.errand.base.json.PrettyJson;
import dev.errand.base.secret.RandomText;
import dev.errand.models.port.ModelSettings;
import dev.errand.runs.prompt.Prompt;
import dev.errand.runs.prompt.PromptParameters;
import dev.errand.runs.task.TaskView;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Clock;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Builds the form that runs a task from its prompt, and reads the parameters from it. */
@ApplicationScoped
public class RunFormReader {
  /** The prefix of the names of the fields with parameters. */
  public static final String PREFIX = "p.";

  /** The field with the name of the run. */
  public static final String RUN = "run";

  private static final String OTHERS = "others";
  private static final int RANDOM = 6;
  private static final DateTimeFormatter NAME =
      DateTimeFormatter.ofPattern("yyyyMMdd-HHmmss", Locale.ROOT).withZone(ZoneOffset.UTC);

  private final Json json;
  private final Clock clock;

  RunFormReader(Json json, Clock clock) {
    this.json = json;
    this.clock = clock;
  }

  /** A new, unused name for a run. */
  public String newName() {
    return NAME.format(clock.instant()) + "-" + RandomText.generate().substring(0, RANDOM);
  }

  /** The empty form of a task. */
  public RunFormView empty(TaskView task) {
    return view(parameters(task), SentForm.of(Map.of()), Set.of(), null);
  }

  /**
   * The form of a task with the parameters of a run or of a schedule.
   *
   * @param given the parameters, a JSON object
   */
  public RunFormView filled(TaskView task, String given) {
    PromptParameters parameters = parameters(task);
    ObjectNode others = (ObjectNode) json.tree(given);
    Map<String, String> fields = new HashMap<>();
    Stream.of(parameters.texts(), parameters.objects(), parameters.optional())
        .flatMap(Set::stream)
        .filter(others::has)
        .forEach(name -> fields.put(PREFIX + name, text(others.remove(name))));
    fields.put(OTHERS, others.isEmpty() ? "" : PrettyJson.of(others));
    Set<String> empty =
        fields.entrySet().stream()
            .filter(field -> field.getValue().isEmpty())
            .map(Map.Entry::getKey)
            .collect(Collectors.toUnmodifiableSet());
    return view(parameters, SentForm.of(fields), empty, null);
  }

  private static String text(JsonNode value) {
    return value.isTextual() ? value.asText() : PrettyJson.of(value);
  }

  // Browsers take each end of a line in a field for the same.
  private static String shown(JsonNode value) {
    return text(value).replaceAll("\r\n?", "\n");
  }

  /**
   * The form as it was sent.
   *
   * @param message what is wrong with it; null for nothing, or where another part of the page says
   */
  public RunFormView sent(TaskView task, SentForm sent, @Nullable String message) {
    return view(parameters(task), sent, Set.of(), message);
  }

  /**
   * The form of a task that is edited in another form. A prompt that is not a valid template has no
   * parameters, and the form says what is wrong with it.
   *
   * @param message what is wrong with the sent values; null for nothing
   */
  RunFormView draft(String prompt, String system, SentForm sent, @Nullable String message) {
    try {
      return view(parameters(prompt, system), sent, Set.of(), message);
    } catch (ApiException e) {
      PromptParameters none = Prompt.parameters(List.of());
      return view(none, sent, Set.of(), message == null ? e.getMessage() : message);
    }
  }

  // A field that was empty may stay so.
  private RunFormView view(
      PromptParameters parameters, SentForm sent, Set<String> empty, @Nullable String message) {
    Stream<Field> fields =
        Stream.of(
                parameters.texts().stream()
                    .map(name -> field(sent, name, !empty.contains(PREFIX + name), false)),
                parameters.objects().stream()
                    .map(name -> field(sent, name, !empty.contains(PREFIX + name), true)),
                parameters.optional().stream().map(name -> field(sent, name, false, false)))
            .flatMap(Function.identity());
    return new RunFormView(
        sent.has(RUN) ? sent.value(RUN) : newName(),
        fields.toList(),
        // So that none gets lost which an earlier prompt took.
        parameters.takesOthers() || !sent.value(OTHERS).isEmpty(),
        sent.value(OTHERS),
        message);
  }

  private static Field field(SentForm sent, String name, boolean required, boolean structured) {
    return new Field(name, sent.value(PREFIX + name), required, structured);
  }

  /**
   * The parameters that were sent.
   *
   * @throws ApiException that names the field which is wrong
   */
  public ObjectNode parameters(TaskView task, SentForm sent) {
    return parameters(parameters(task), sent);
  }

  /**
   * The parameters that were sent. Those that were not changed in the form are what they were, and
   * those that were changed are of their kind if they can be: a field does not show whether 5 is a
   * number or a text.
   *
   * @param before the parameters with which the form was {@link #filled}, a JSON object
   * @throws ApiException that names the field which is wrong
   */
  public ObjectNode parameters(TaskView task, SentForm sent, String before) {
    ObjectNode all = parameters(task, sent);
    json.tree(before)
        .properties()
        .forEach(
            was -> {
              String name = was.getKey();
              if (!sent.has(PREFIX + name)) {
                return;
              }
              String text = sent.value(PREFIX + name);
              if (text.equals(shown(was.getValue()))) {
                all.set(name, was.getValue());
              } else if (!was.getValue().isTextual()) {
                json.parse(text)
                    .filter(now -> now.getNodeType() == was.getValue().getNodeType())
                    .ifPresent(now -> all.set(name, now));
              }
            });
    return all;
  }

  /**
   * The parameters that were sent for a task that is edited in another form.
   *
   * @throws ApiException that names the field which is wrong
   */
  ObjectNode parameters(String prompt, String system, SentForm sent) {
    return parameters(parameters(prompt, system), sent);
  }

  private ObjectNode parameters(PromptParameters parameters, SentForm sent) {
    ObjectNode all = json.object();
    String others = sent.value(OTHERS);
    if (!others.isBlank()) {
      all.setAll(
          json.parse(others)
              .filter(ObjectNode.class::isInstance)
              .map(ObjectNode.class::cast)
              .orElseThrow(
                  () -> ApiException.invalid("Further parameters", "must be a JSON object")));
    }
    for (String name : parameters.texts()) {
      if (sent.has(PREFIX + name)) {
        all.put(name, sent.value(PREFIX + name));
      }
    }
    for (String name : parameters.objects()) {
      if (sent.has(PREFIX + name)) {
        all.set(name, value(sent.value(PREFIX + name)));
      }
    }
    for (String name : parameters.optional()) {
      String text = sent.value(PREFIX + name);
      if (!text.isEmpty()) {
        all.set(name, value(text));
      }
    }
    return all;
  }

  /** JSON where it is an object, a list, or true or false; else the text itself. */
  private JsonNode value(String text) {
    return json.parse(text)
        .filter(node -> node.isContainerNode() || node.isBoolean())
        .orElseGet(() -> TextNode.valueOf(text));
  }

  private static PromptParameters parameters(TaskView task) {
    ModelSettings model = task.effective();
    return parameters(model.prompt(), Objects.requireNonNullElse(model.system(), ""));
  }

  private static PromptParameters parameters(String prompt, String system) {
    return Prompt.parameters(
        List.of(Prompt.parse("prompt", prompt), Prompt.parse("system", system)));
  }
}
