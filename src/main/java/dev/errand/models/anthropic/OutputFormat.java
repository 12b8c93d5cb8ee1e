package dev.errand.models.anthropic;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.errand.base.error.ApiException;
import dev.errand.models.output.SchemaCheck;
import dev.errand.models.output.Subschema;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * The part of JSON Schema that the vendor's structured outputs accept: objects that are closed, no
 * bounds of numbers, texts and lists, and no schema that contains itself.
 */
final class OutputFormat {
  private static final Set<String> REFUSED =
      Set.of(
          "minimum",
          "maximum",
          "exclusiveMinimum",
          "exclusiveMaximum",
          "multipleOf",
          "minLength",
          "maxLength",
          "maxItems",
          "uniqueItems",
          "minContains",
          "maxContains",
          "minProperties",
          "maxProperties",
          "patternProperties",
          "propertyNames",
          "dependentRequired",
          "dependentSchemas",
          "prefixItems",
          "contains",
          "oneOf",
          "not",
          "if");

  // Models from before structured outputs. The API has no such field for them.
  private static final Pattern OLDER =
      Pattern.compile("claude-([12]|instant|3|(opus|sonnet)-4(-0|-2025[0-9]{4})?$).*");

  private final List<Subschema> parts;
  private final Set<String> begun = new HashSet<>();
  private final Set<String> done = new HashSet<>();

  private OutputFormat(List<Subschema> parts) {
    this.parts = parts;
  }

  /** Whether a model can be asked for it; else the system text has the schema. */
  static boolean isKnownTo(String model) {
    return !OLDER.matcher(model).matches();
  }

  /** The words by which a model is asked that does not know it. */
  static String inWords(ObjectNode schema) {
    return "Answer with JSON alone, without any text or marks around it. It must fit this JSON"
        + " Schema:\n"
        + schema;
  }

  /**
   * Checks a schema.
   *
   * @throws ApiException that names the keyword with its path
   */
  static void check(ObjectNode schema) {
    SchemaCheck.refuse(schema, REFUSED, AnthropicSettings.RUNNER);
    List<Subschema> parts = Subschema.all(schema);
    parts.forEach(OutputFormat::check);
    new OutputFormat(parts).follow("");
  }

  private static void check(Subschema part) {
    JsonNode schema = part.schema();
    JsonNode open = schema.path("additionalProperties");
    if (part.isOfObjects() && !(open.isBoolean() && !open.booleanValue())) {
      throw invalid(
          "needs " + part.at("additionalProperties") + ": false", "take closed objects only");
    }
    if (schema.path("minItems").asInt() > 1) {
      throw invalid("has " + part.at("minItems"), "take 0 or 1 there");
    }
  }

  /** Follows the references of a part, and refuses one that leads back to where it came from. */
  private void follow(String place) {
    if (done.contains(place)) {
      return;
    }
    begun.add(place);
    for (Subschema part : parts) {
      String at = part.pointer();
      JsonNode ref = part.schema().path("$ref");
      if (!ref.isTextual() || !(at.equals(place) || at.startsWith(place + "/"))) {
        continue;
      }
      String target = ref.textValue().substring(1);
      if (begun.contains(target) || at.startsWith(target + "/")) {
        throw invalid(
            "has " + part.at("$ref") + ", by which it contains itself", "do not take that");
      }
      follow(target);
    }
    begun.remove(place);
    done.add(place);
  }

  private static ApiException invalid(String what, String why) {
    return ApiException.invalid(
        "settings.output_schema", what + "; the models of " + AnthropicSettings.RUNNER + " " + why);
  }
}
