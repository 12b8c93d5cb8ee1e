package dev.errand.models.openai;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.errand.models.output.Subschema;
import java.util.List;
import java.util.Set;

/**
 * The part of JSON Schema that OpenAI's strict mode accepts: the answer then can't but fit. For any
 * other schema, the model is only told it.
 */
public final class StrictSchema {
  private static final Set<String> KEYWORDS =
      Set.of(
          "$schema",
          "$defs",
          "definitions",
          "$ref",
          "title",
          "description",
          "type",
          "properties",
          "required",
          "additionalProperties",
          "items",
          "minItems",
          "maxItems",
          "enum",
          "const",
          "anyOf",
          "pattern",
          "format",
          "minimum",
          "maximum",
          "exclusiveMinimum",
          "exclusiveMaximum",
          "multipleOf");

  private static final int MOST_LEVELS = 10;
  private static final int MOST_PROPERTIES = 5000;
  private static final int MOST_VALUES = 1000;
  // A larger enumeration may have only so many characters.
  private static final int SMALL_ENUM = 250;
  private static final int LONGEST_ENUM = 15_000;

  private StrictSchema() {}

  /** Whether the strict mode accepts a schema. */
  public static boolean includes(ObjectNode schema) {
    List<Subschema> all = Subschema.all(schema);
    return schema.path("type").asText().equals("object")
        && !schema.has("anyOf")
        && all.stream().allMatch(StrictSchema::isAccepted)
        && all.stream().mapToInt(each -> each.schema().path("properties").size()).sum()
            <= MOST_PROPERTIES
        && all.stream().mapToInt(each -> each.schema().path("enum").size()).sum() <= MOST_VALUES;
  }

  private static boolean isAccepted(Subschema part) {
    JsonNode schema = part.schema();
    if (!schema.isObject()) {
      // Checked with the object that has it.
      return part.pointer().endsWith("/additionalProperties");
    }
    if (schema.has("$ref")) {
      return schema.size() == 1;
    }
    return schema.propertyStream().allMatch(field -> KEYWORDS.contains(field.getKey()))
        && (schema.has("type") || schema.has("anyOf"))
        && (!part.isOfObjects() || isClosed(schema))
        && levels(part.pointer()) < MOST_LEVELS
        && isShort(schema.path("enum"));
  }

  /** Whether it allows no other properties, and requires all. */
  private static boolean isClosed(JsonNode schema) {
    JsonNode open = schema.path("additionalProperties");
    List<String> required = schema.path("required").valueStream().map(JsonNode::asText).toList();
    return open.isBoolean()
        && !open.booleanValue()
        && schema.path("properties").propertyStream().allMatch(p -> required.contains(p.getKey()));
  }

  private static int levels(String pointer) {
    return pointer.split("/properties/|/items", -1).length - 1;
  }

  private static boolean isShort(JsonNode values) {
    return values.size() <= SMALL_ENUM
        || values.valueStream().mapToInt(value -> value.asText().length()).sum() <= LONGEST_ENUM;
  }
}
