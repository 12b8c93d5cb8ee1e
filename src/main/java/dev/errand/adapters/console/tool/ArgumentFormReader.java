package dev.errand.adapters.console.tool;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.BooleanNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import dev.errand.adapters.console.page.Excerpt;
import dev.errand.adapters.console.page.SentForm;
import dev.errand.adapters.console.tool.ArgumentField.Choice;
import dev.errand.adapters.console.tool.ArgumentField.Kind;
import dev.errand.base.error.ApiException;
import dev.errand.base.json.Json;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;

/** Builds a form from the JSON Schema of a tool's arguments, and reads the arguments from it. */
@ApplicationScoped
class ArgumentFormReader {
  /** The prefix of the names of the fields. */
  static final String PREFIX = "p.";

  /** The field with further arguments. */
  static final String OTHERS = "others";

  private static final int MOST_FIELDS = 60;
  private static final int MOST_CHOICES = 200;
  private static final int LONGEST_DESCRIPTION = 400;
  private static final Pattern CONTROLS = Pattern.compile(".*\\p{Cntrl}.*", Pattern.DOTALL);

  private final Json json;

  ArgumentFormReader(Json json) {
    this.json = json;
  }

  /** The fields of a tool, with its defaults. */
  List<ArgumentField> fields(JsonNode schema) {
    Set<String> required = new LinkedHashSet<>();
    schema.path("required").forEach(name -> required.add(name.asText()));
    List<ArgumentField> fields = new ArrayList<>();
    for (Map.Entry<String, JsonNode> property : schema.path("properties").properties()) {
      String name = property.getKey();
      if (fields.size() < MOST_FIELDS && !CONTROLS.matcher(name).matches()) {
        fields.add(field(name, property.getValue(), required.contains(name)));
      }
    }
    return fields;
  }

  /** Whether there may be arguments that have no field. */
  static boolean takesOthers(JsonNode schema, List<ArgumentField> fields) {
    JsonNode others = schema.path("additionalProperties");
    return schema.path("properties").size() > fields.size()
        || !(others.isBoolean() && !others.booleanValue());
  }

  private static ArgumentField field(String name, JsonNode schema, boolean required) {
    String type = type(schema);
    List<Choice> choices = choices(schema, type);
    Kind kind =
        !choices.isEmpty()
            ? Kind.CHOICE
            : switch (type) {
              case "string" -> Kind.TEXT;
              case "number", "integer" -> Kind.NUMBER;
              default -> Kind.JSON;
            };
    JsonNode usual = schema.path("default");
    String value =
        usual.isMissingNode()
            ? ""
            : kind == Kind.TEXT && usual.isTextual() ? usual.asText() : usual.toString();
    return new ArgumentField(
        name,
        Excerpt.of(schema.path("description").asText(), LONGEST_DESCRIPTION),
        kind,
        type.equals("integer"),
        value,
        required,
        choices);
  }

  /** The only type of a value besides null; empty where there are several or none. */
  private static String type(JsonNode schema) {
    JsonNode type = schema.path("type");
    if (type.isTextual()) {
      return type.asText();
    }
    List<String> types = new ArrayList<>();
    type.forEach(
        one -> {
          if (!one.asText().equals("null")) {
            types.add(one.asText());
          }
        });
    return types.size() == 1 ? types.getFirst() : "";
  }

  private static List<Choice> choices(JsonNode schema, String type) {
    List<Choice> choices = new ArrayList<>();
    if (schema.path("enum").isArray() && schema.path("enum").size() <= MOST_CHOICES) {
      schema.path("enum").forEach(value -> choices.add(choice(value)));
    } else if (schema.has("const")) {
      choices.add(choice(schema.path("const")));
    } else if (type.equals("boolean")) {
      choices.add(choice(BooleanNode.TRUE));
      choices.add(choice(BooleanNode.FALSE));
    }
    return choices;
  }

  private static Choice choice(JsonNode value) {
    return new Choice(value.toString(), value.isTextual() ? value.asText() : value.toString());
  }

  /**
   * The arguments that were sent.
   *
   * @throws ApiException that names the field which is wrong
   */
  ObjectNode arguments(List<ArgumentField> fields, SentForm sent) {
    ObjectNode arguments = json.object();
    String others = sent.value(OTHERS);
    if (!others.isBlank()) {
      arguments.setAll(
          json.parse(others)
              .filter(ObjectNode.class::isInstance)
              .map(ObjectNode.class::cast)
              .orElseThrow(
                  () -> ApiException.invalid("Further arguments", "must be a JSON object")));
    }
    for (ArgumentField field : fields) {
      String text = sent.value(PREFIX + field.name());
      // An empty field is an argument only if it is a required text.
      if (!text.isEmpty() || (field.required() && field.isText())) {
        arguments.set(field.name(), value(field, text));
      }
    }
    return arguments;
  }

  private JsonNode value(ArgumentField field, String text) {
    return switch (field.kind()) {
      case TEXT -> TextNode.valueOf(text);
      case NUMBER ->
          json.parse(text.strip())
              .filter(
                  number ->
                      field.isWhole()
                          ? number.isIntegralNumber()
                          : number.isNumber() && !number.isNull())
              .orElseThrow(
                  () ->
                      ApiException.invalid(
                          field.name(),
                          field.isWhole()
                              ? "must be a whole number"
                              : "must be a number such as 0.5"));
      case CHOICE, JSON ->
          json.parse(text)
              .filter(value -> !value.isMissingNode())
              .orElseThrow(
                  () ->
                      ApiException.invalid(
                          field.name(), "must be JSON, such as {\"a\": [1]} or \"a text\""));
    };
  }
}
