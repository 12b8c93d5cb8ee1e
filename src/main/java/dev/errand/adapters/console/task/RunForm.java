package dev.errand.adapters.console.task;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import dev.errand.adapters.console.task.RunFormView.Field;
import dev.errand.base.error.ApiException;
import dev.errand.base.json.Json;
import dev.errand.base.secret.RandomText;
import dev.errand.models.model.settings.ModelSettings;
import dev.errand.runs.task.prompt.Prompt;
import dev.errand.runs.task.prompt.PromptParameters;
import dev.errand.runs.task.settings.TaskView;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.ws.rs.core.MultivaluedMap;
import java.time.Clock;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Makes the form that runs a task from its prompt, and reads the parameters from it. */
@ApplicationScoped
public class RunForm {
  /** What the names of the fields with parameters begin with. */
  public static final String PREFIX = "p.";

  /** The field with the name of the run. */
  public static final String RUN = "run";

  private static final String OTHERS = "others";
  private static final int RANDOM = 6;
  private static final DateTimeFormatter NAME =
      DateTimeFormatter.ofPattern("yyyyMMdd-HHmmss", Locale.ROOT).withZone(ZoneOffset.UTC);

  private final Json json;
  private final Clock clock;

  RunForm(Json json, Clock clock) {
    this.json = json;
    this.clock = clock;
  }

  /** A name for a run that nobody has taken. */
  public String newName() {
    return NAME.format(clock.instant()) + "-" + RandomText.generate().substring(0, RANDOM);
  }

  /** The empty form of a task. */
  RunFormView empty(TaskView task) {
    return view(task, newName(), name -> "", "", null);
  }

  /** The form as it was sent, with what is wrong with it. */
  RunFormView refused(TaskView task, MultivaluedMap<String, String> sent, String message) {
    return view(
        task,
        given(sent, RUN).orElseGet(this::newName),
        name -> given(sent, PREFIX + name).orElse(""),
        given(sent, OTHERS).orElse(""),
        message);
  }

  private RunFormView view(
      TaskView task,
      String run,
      Function<String, String> values,
      String others,
      @Nullable String message) {
    PromptParameters parameters = parameters(task);
    List<Field> fields = new ArrayList<>();
    parameters
        .texts()
        .forEach(name -> fields.add(new Field(name, values.apply(name), true, false)));
    parameters
        .objects()
        .forEach(name -> fields.add(new Field(name, values.apply(name), true, true)));
    parameters
        .optional()
        .forEach(name -> fields.add(new Field(name, values.apply(name), false, false)));
    return new RunFormView(run, fields, parameters.takesOthers(), others, message);
  }

  /**
   * The parameters that were sent.
   *
   * @throws ApiException that names the field which is wrong
   */
  ObjectNode parameters(TaskView task, MultivaluedMap<String, String> sent) {
    PromptParameters parameters = parameters(task);
    ObjectNode all = json.object();
    given(sent, OTHERS)
        .filter(text -> !text.isBlank())
        .ifPresent(
            text ->
                all.setAll(
                    json.parse(text)
                        .filter(ObjectNode.class::isInstance)
                        .map(ObjectNode.class::cast)
                        .orElseThrow(
                            () ->
                                ApiException.invalid(
                                    "Further parameters", "must be a JSON object"))));
    for (String name : parameters.texts()) {
      given(sent, PREFIX + name).ifPresent(text -> all.put(name, text));
    }
    for (String name : parameters.objects()) {
      given(sent, PREFIX + name).ifPresent(text -> all.set(name, value(text)));
    }
    for (String name : parameters.optional()) {
      given(sent, PREFIX + name)
          .filter(text -> !text.isEmpty())
          .ifPresent(text -> all.set(name, value(text)));
    }
    return all;
  }

  /** The parameters that a prompt needs, without values, as JSON; empty where it needs none. */
  public String needed(TaskView task) {
    PromptParameters parameters = parameters(task);
    ObjectNode all = json.object();
    parameters.texts().forEach(name -> all.put(name, ""));
    parameters.objects().forEach(all::putObject);
    return all.isEmpty() ? "" : all.toPrettyString();
  }

  /** JSON where it is an object, a list, or true or false; else the text itself. */
  private JsonNode value(String text) {
    return json.parse(text)
        .filter(node -> node.isContainerNode() || node.isBoolean())
        .orElseGet(() -> TextNode.valueOf(text));
  }

  private static Optional<String> given(MultivaluedMap<String, String> sent, String name) {
    // Browsers send the ends of lines as CR LF.
    return Optional.ofNullable(sent.getFirst(name)).map(text -> text.replace("\r\n", "\n"));
  }

  private static PromptParameters parameters(TaskView task) {
    ModelSettings model = task.effective();
    String system = model.system();
    Prompt prompt = Prompt.parse("prompt", model.prompt());
    return Prompt.parameters(
        system == null ? List.of(prompt) : List.of(prompt, Prompt.parse("system", system)));
  }
}
