package dev.errand.models.output;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * A schema within a JSON Schema, or that one itself.
 *
 * @param pointer its JSON Pointer; empty for the whole
 * @param schema an object, or a boolean
 */
public record Subschema(String pointer, JsonNode schema) {
  private static final Set<String> NAMED =
      Set.of("properties", "patternProperties", "$defs", "definitions", "dependentSchemas");
  private static final Set<String> LISTED = Set.of("allOf", "anyOf", "oneOf", "prefixItems");
  private static final Set<String> SINGLE =
      Set.of(
          "items",
          "additionalProperties",
          "contains",
          "propertyNames",
          "not",
          "if",
          "then",
          "else");

  /** A schema and all schemas within it, each after the one that has it. */
  public static List<Subschema> all(ObjectNode schema) {
    List<Subschema> found = new ArrayList<>();
    found.add(new Subschema("", schema));
    for (int i = 0; i < found.size(); i++) {
      found.get(i).addChildren(found);
    }
    return found;
  }

  /** Where a schema first has one of these keywords, as {@code /properties/age/minimum}. */
  public static Optional<String> find(ObjectNode schema, Set<String> keywords) {
    return all(schema).stream()
        .flatMap(
            each ->
                each.schema
                    .propertyStream()
                    .map(Map.Entry::getKey)
                    .filter(keywords::contains)
                    .map(each::at))
        .findFirst();
  }

  /**
   * A copy of a schema that stands within another one, to which its references then refer. It has
   * no formats, which are not checked here.
   *
   * @param place its JSON Pointer there
   */
  public static ObjectNode moved(ObjectNode schema, String place) {
    ObjectNode moved = schema.deepCopy();
    moved.remove("$schema");
    for (Subschema each : all(moved)) {
      if (each.schema instanceof ObjectNode part) {
        part.remove("format");
        if (part.path("$ref").isTextual()) {
          part.put("$ref", "#" + place + part.path("$ref").textValue().substring(1));
        }
      }
    }
    return moved;
  }

  /** Whether a value that fits it may be an object. */
  public boolean isOfObjects() {
    JsonNode type = schema.path("type");
    return schema.has("properties")
        || type.asText().equals("object")
        || type.valueStream().anyMatch(each -> each.asText().equals("object"));
  }

  private void addChildren(List<Subschema> to) {
    for (Map.Entry<String, JsonNode> field : schema.properties()) {
      String keyword = field.getKey();
      JsonNode value = field.getValue();
      if (NAMED.contains(keyword) && value.isObject()) {
        for (Map.Entry<String, JsonNode> named : value.properties()) {
          to.add(new Subschema(at(keyword) + "/" + escaped(named.getKey()), named.getValue()));
        }
      } else if (LISTED.contains(keyword) && value.isArray()) {
        for (int i = 0; i < value.size(); i++) {
          to.add(new Subschema(at(keyword) + "/" + i, value.get(i)));
        }
      } else if (SINGLE.contains(keyword)) {
        to.add(new Subschema(at(keyword), value));
      }
    }
  }

  /** The JSON Pointer of a keyword of it. */
  public String at(String keyword) {
    return pointer + "/" + escaped(keyword);
  }

  private static String escaped(String token) {
    return token.replace("~", "~0").replace("/", "~1");
  }
}
