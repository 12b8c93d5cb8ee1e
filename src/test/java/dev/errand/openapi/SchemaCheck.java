package dev.errand.openapi;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;

/**
 * Checks values against the schemas of the document, as far as the document uses JSON Schema. It is
 * stricter in one thing: a field that a schema does not name is wrong unless the schema says {@code
 * additionalProperties}.
 */
final class SchemaCheck {
  private final ApiDocument document;

  SchemaCheck(ApiDocument document) {
    this.document = document;
  }

  /** What is wrong with the value; empty where it fits. */
  List<String> problems(JsonNode schema, JsonNode value) {
    List<String> problems = new ArrayList<>();
    check(schema, value, "$", problems);
    return problems;
  }

  private void check(JsonNode given, JsonNode value, String at, List<String> problems) {
    JsonNode schema = document.resolved(given);
    if (schema.has("oneOf")) {
      List<List<String>> all = new ArrayList<>();
      for (JsonNode one : schema.path("oneOf")) {
        List<String> own = new ArrayList<>();
        check(one, value, at, own);
        all.add(own);
      }
      if (all.stream().filter(List::isEmpty).count() != 1) {
        problems.add(at + " fits not exactly one of oneOf: " + all);
      }
      return;
    }
    if (schema.has("anyOf")) {
      List<List<String>> all = new ArrayList<>();
      for (JsonNode one : schema.path("anyOf")) {
        List<String> own = new ArrayList<>();
        check(one, value, at, own);
        all.add(own);
      }
      if (all.stream().noneMatch(List::isEmpty)) {
        problems.add(at + " fits none of anyOf: " + all);
      }
      return;
    }
    if (schema.has("type") && !hasType(schema.path("type"), value)) {
      problems.add(at + " is " + value + ", which is no " + schema.path("type"));
      return;
    }
    if (schema.has("enum") && ApiDocument.stream(schema.path("enum")).noneMatch(value::equals)) {
      problems.add(at + " is " + value + ", which is none of " + schema.path("enum"));
    }
    // Generated clients take an integer without a format for one of 32 bits.
    if (value.isIntegralNumber()
        && !value.canConvertToInt()
        && !schema.path("format").asText().equals("int64")) {
      problems.add(at + " is " + value + ", which needs the format int64");
    }
    if (value.isTextual() && schema.has("format")) {
      checkFormat(schema.path("format").asText(), value.asText(), at, problems);
    }
    if (value.isObject()) {
      checkObject(schema, value, at, problems);
    }
    for (int i = 0; value.isArray() && i < value.size(); i++) {
      check(schema.path("items"), value.get(i), at + "[" + i + "]", problems);
    }
  }

  private void checkObject(JsonNode schema, JsonNode value, String at, List<String> problems) {
    for (JsonNode required : schema.path("required")) {
      if (!value.has(required.asText())) {
        problems.add(at + " has no " + required.asText());
      }
    }
    JsonNode others = schema.path("additionalProperties");
    for (Map.Entry<String, JsonNode> field : value.properties()) {
      JsonNode own = schema.path("properties").path(field.getKey());
      String there = at + "." + field.getKey();
      if (!own.isMissingNode()) {
        check(own, field.getValue(), there, problems);
      } else if (others.isObject()) {
        check(others, field.getValue(), there, problems);
      } else if (!others.asBoolean(!schema.has("type"))) {
        problems.add(there + " is not documented");
      }
    }
  }

  private static boolean hasType(JsonNode type, JsonNode value) {
    if (type.isArray()) {
      return ApiDocument.stream(type).anyMatch(one -> hasType(one, value));
    }
    return switch (type.asText()) {
      case "object" -> value.isObject();
      case "array" -> value.isArray();
      case "string" -> value.isTextual();
      case "boolean" -> value.isBoolean();
      case "integer" -> value.isIntegralNumber();
      case "number" -> value.isNumber();
      case "null" -> value.isNull();
      default -> throw new AssertionError("The document has the unknown type " + type);
    };
  }

  private static void checkFormat(String format, String text, String at, List<String> problems) {
    try {
      switch (format) {
        case "date-time" -> Instant.parse(text);
        case "date" -> LocalDate.parse(text);
        case "uuid" -> UUID.fromString(text);
        case "binary" -> {}
        default -> throw new AssertionError("The document has the unknown format " + format);
      }
    } catch (DateTimeException | IllegalArgumentException e) {
      problems.add(at + " is " + text + ", which is no " + format);
    }
  }
}
