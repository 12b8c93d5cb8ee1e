package dev.errand.adapters.console.page;

import com.fasterxml.jackson.core.JsonPointer;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import dev.errand.adapters.console.page.RunnerFields.Field;
import dev.errand.base.error.ApiException;
import dev.errand.base.field.DeclaredFields;
import dev.errand.base.json.Json;
import dev.errand.base.json.PrettyJson;
import dev.errand.models.port.ModelPort;
import dev.errand.models.port.ModelSettings;
import dev.errand.models.port.Runners;
import dev.errand.models.port.UnreadSettings;
import dev.errand.models.wire.ModelEndpoints;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The part of a form with the runner and its own settings: a field for each that its port names,
 * and JSON for the rest. The fields of all runners are in the form, and those of the chosen one
 * count.
 */
@ApplicationScoped
public class RunnerForms {
  /** The field with the name of the runner. */
  public static final String RUNNER = "runner";

  private static final Set<String> SHARED = Set.of("prompt", "system", "model", "base_url");
  private static final String MORE = "more";

  private final Runners runners;
  private final ModelEndpoints endpoints;
  private final Json json;

  RunnerForms(Runners runners, ModelEndpoints endpoints, Json json) {
    this.runners = runners;
    this.endpoints = endpoints;
    this.json = json;
  }

  /** The runner of a new form: the only one there is; empty where a person has to choose. */
  public String first() {
    List<String> names = runners.names();
    return names.size() == 1 ? names.getFirst() : "";
  }

  /** Whether this version knows the runner, or what is stored has it. */
  public boolean isKnown(String runner, @Nullable String stored) {
    return runners.find(runner).isPresent() || runner.equals(stored);
  }

  /**
   * The runners to choose from.
   *
   * @param stored the runner of what the form changes, which another version may have stored; null
   *     for none
   */
  public List<RunnerFields> of(SentForm sent, @Nullable String stored) {
    String chosen = sent.line(RUNNER);
    List<String> names = new ArrayList<>(runners.names());
    if (stored != null && !names.contains(stored)) {
      names.add(stored);
    }
    return names.stream()
        .map(
            name ->
                new RunnerFields(
                    name,
                    runners.find(name).map(ModelPort::title).orElse(name),
                    name.equals(chosen),
                    fields(name, sent).toList(),
                    sent.value(name(name, MORE))))
        .toList();
  }

  /** Adds the runner of settings, and what is its own, to the fields of a form. */
  public void fill(Map<String, @Nullable String> form, ModelSettings settings) {
    String runner = settings.runner();
    ObjectNode more = own(settings);
    form.put(RUNNER, runner);
    fields(runner, SentForm.of(Map.of()))
        .forEach(field -> form.put(field.name(), text(taken(more, field))));
    form.put(name(runner, MORE), more.isEmpty() ? "" : PrettyJson.of(more));
  }

  /**
   * The own settings of the chosen runner.
   *
   * @param known the settings as they are, of which those that the form does not show stay; null
   *     for new ones
   * @throws ApiException that names the field which is wrong
   */
  public ObjectNode settings(SentForm sent, @Nullable ModelSettings known) {
    String runner = sent.line(RUNNER);
    ObjectNode settings;
    if (sent.has(name(runner, MORE))) {
      settings = further(sent, runner);
    } else {
      settings = known != null && known.runner().equals(runner) ? own(known) : json.object();
      shown(sent, runner).forEach(field -> taken(settings, field));
    }
    shown(sent, runner)
        .filter(field -> !field.value().isEmpty())
        .forEach(field -> put(settings, field));
    return settings;
  }

  /** The message that is shown above a form. Own settings have their names in requests there. */
  public String refusal(ApiException e) {
    boolean isOwn =
        e.errors().stream()
            .limit(1)
            .anyMatch(
                error ->
                    runners.names().stream()
                        .filter(name -> error.field().startsWith(name + "."))
                        .anyMatch(
                            name -> !SHARED.contains(error.field().substring(name.length() + 1))));
    return isOwn ? String.valueOf(e.getMessage()) : Refusal.of(e);
  }

  /** The server that settings name; null for the configured one. */
  public @Nullable String server(ModelSettings settings) {
    return settings instanceof UnreadSettings || !endpoints.isConfigured(settings)
        ? settings.baseUrl()
        : null;
  }

  private Stream<Field> fields(String runner, SentForm sent) {
    return runners.find(runner).stream()
        .flatMap(
            port -> {
              DeclaredFields declared = DeclaredFields.of(port.settings());
              return port.inputs().stream()
                  .map(
                      path ->
                          new Field(
                              runner,
                              path,
                              declared.find(path).orElseThrow(),
                              sent.line(name(runner, path))));
            });
  }

  private Stream<Field> shown(SentForm sent, String runner) {
    return fields(runner, sent).filter(field -> sent.has(field.name()));
  }

  private static String name(String runner, String field) {
    return runner + "." + field;
  }

  private ObjectNode own(ModelSettings settings) {
    return ((ObjectNode) json.tree(json.write(settings))).remove(SHARED);
  }

  /** Takes the value of a field out of settings; missing where they have none of its kind. */
  private static JsonNode taken(ObjectNode settings, Field field) {
    JsonNode value = settings.at(field.pointer());
    if (!field.fits(value)) {
      return MissingNode.getInstance();
    }
    JsonPointer parent = field.pointer().head();
    ((ObjectNode) settings.at(parent)).remove(field.pointer().last().getMatchingProperty());
    if (!parent.matches() && settings.at(parent).isEmpty()) {
      settings.remove(parent.getMatchingProperty());
    }
    return value;
  }

  private static String text(JsonNode value) {
    return value.isNumber() ? value.decimalValue().toPlainString() : value.asText();
  }

  private void put(ObjectNode settings, Field field) {
    JsonPointer parent = field.pointer().head();
    boolean isFree =
        (settings.at(parent).isObject() || settings.at(parent).isMissingNode())
            && settings.at(field.pointer()).isMissingNode();
    if (!isFree) {
      throw invalidFurther(field.runner(), "must not have " + field.path() + ", which has a field");
    }
    (parent.matches() ? settings : settings.withObject(parent))
        .set(field.pointer().last().getMatchingProperty(), value(field));
  }

  private JsonNode value(Field field) {
    JsonNode text = TextNode.valueOf(field.value());
    return (field.fits(text) ? Optional.of(text) : json.parse(field.value()))
        .filter(field::fits)
        .orElseThrow(() -> ApiException.invalid(field.name(), field.rule()));
  }

  private ObjectNode further(SentForm sent, String runner) {
    String text = sent.value(name(runner, MORE));
    if (text.isBlank()) {
      return json.object();
    }
    return json.parse(text)
        .filter(ObjectNode.class::isInstance)
        .map(ObjectNode.class::cast)
        .filter(given -> SHARED.stream().noneMatch(given::has))
        .filter(given -> isUsable(runner, given))
        .orElseThrow(
            () ->
                invalidFurther(
                    runner,
                    "must be a JSON object with settings that have no field in the form, such as"
                        + " {\"top_p\": 0.9}"));
  }

  private boolean isUsable(String runner, ObjectNode given) {
    return runners
        .find(runner)
        .map(port -> json.convert(given, port.settings()).isPresent())
        .orElse(true);
  }

  private static ApiException invalidFurther(String runner, String message) {
    return ApiException.invalid("Further settings of " + runner, message);
  }
}
