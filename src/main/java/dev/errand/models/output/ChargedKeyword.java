package dev.errand.models.output;

import com.fasterxml.jackson.databind.JsonNode;
import com.networknt.schema.ExecutionContext;
import com.networknt.schema.Schema;
import com.networknt.schema.SchemaContext;
import com.networknt.schema.SchemaLocation;
import com.networknt.schema.dialect.Dialect;
import com.networknt.schema.dialect.Dialects;
import com.networknt.schema.keyword.Keyword;
import com.networknt.schema.keyword.KeywordValidator;
import com.networknt.schema.path.NodePath;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;

/**
 * A keyword of the validator that is charged for its work before it does it. The validator tells of
 * each schema and each keyword that it enters, which is a step, and asks for each match of a
 * pattern; all else that a keyword does with values is charged by the table in {@link
 * #charge(String, JsonNode)}.
 */
final class ChargedKeyword implements Keyword {
  // The validator looks for its own classes of these.
  private static final Set<String> BARE = Set.of("$ref", "$dynamicRef");

  private final Keyword keyword;

  private ChargedKeyword(Keyword keyword) {
    this.keyword = keyword;
  }

  /** The dialect 2020-12 with keywords that are charged. */
  static Dialect dialect() {
    return Dialect.builder(Dialects.getDraft202012())
        .keywords(
            keywords ->
                keywords.replaceAll(
                    (name, keyword) -> BARE.contains(name) ? keyword : new ChargedKeyword(keyword)))
        .build();
  }

  /** What is charged for a value. */
  @FunctionalInterface
  private interface Charge {
    Charge NONE = (_, _) -> {};

    void take(ValueCosts costs, JsonNode value);
  }

  /** The table of charges: what a keyword with this value does with a value of an answer. */
  private static Charge charge(String keyword, JsonNode of) {
    return switch (keyword) {
      // All of them are looked up, however few the object has.
      case "properties", "required", "allOf", "anyOf", "oneOf", "type" -> {
        long parts = of.size();
        yield (costs, _) -> costs.takeParts(parts);
      }
      // Each item or field is looked at, also where nothing is asked of it.
      case "items",
          "contains",
          "prefixItems",
          "additionalProperties",
          "patternProperties",
          "propertyNames" ->
          (costs, value) -> costs.takeParts(value.size());
      case "dependentSchemas", "dependentRequired", "dependencies" -> {
        long parts = ValueCosts.sizeOfKeyword(of);
        yield (costs, value) -> costs.takeParts(parts + value.size());
      }
      // Values that differ in size are not compared any further.
      case "const" -> {
        long parts = ValueCosts.sizeOfKeyword(of);
        yield (costs, value) -> costs.takeParts(Math.min(parts, costs.size(value)));
      }
      case "enum" -> ofEnum(of);
      case "uniqueItems" ->
          of.asBoolean()
              ? (costs, value) -> {
                if (value.isArray()) {
                  costs.takeUniqueness(value);
                }
              }
              : Charge.NONE;
      // Their digits are written out.
      case "minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum", "multipleOf" -> {
        long parts = ValueCosts.sizeOfKeyword(of);
        yield (costs, value) -> costs.take(parts + costs.size(value) - 1);
      }
      // The characters are counted, or decoded.
      case "minLength", "maxLength", "format", "contentEncoding", "contentMediaType" ->
          (costs, value) -> costs.takeParts(value.isTextual() ? costs.size(value) : 0);
      default -> Charge.NONE;
    };
  }

  /** The value is hashed, and compared with those that may have the same hash. */
  private static Charge ofEnum(JsonNode values) {
    Map<Integer, Integer> counts = new HashMap<>();
    long most = 0;
    long largest = 0;
    for (JsonNode each : values) {
      most = Math.max(most, counts.merge(each.hashCode(), 1, Integer::sum));
      largest = Math.max(largest, ValueCosts.sizeOfKeyword(each));
    }
    long alike = most;
    long parts = largest;
    return (costs, value) -> {
      long size = costs.size(value);
      costs.takeParts(size);
      costs.take(alike + alike * Math.min(parts, size) / ValueCosts.PARTS_IN_A_STEP);
    };
  }

  @Override
  public String getValue() {
    return keyword.getValue();
  }

  @Override
  public KeywordValidator newValidator(
      SchemaLocation location, JsonNode of, Schema parent, SchemaContext context) throws Exception {
    KeywordValidator validator = keyword.newValidator(location, of, parent, context);
    Charge charge = charge(validator.getKeyword(), of);
    return charge == Charge.NONE ? validator : new Charged(validator, charge);
  }

  private record Charged(KeywordValidator validator, Charge charge) implements KeywordValidator {
    @Override
    public String getKeyword() {
      return validator.getKeyword();
    }

    @Override
    public SchemaLocation getSchemaLocation() {
      return validator.getSchemaLocation();
    }

    @Override
    public void preloadSchema() {
      validator.preloadSchema();
    }

    @Override
    public void validate(ExecutionContext steps, JsonNode value, JsonNode root, NodePath at) {
      take(steps, value);
      validator.validate(steps, value, root, at);
    }

    @Override
    public void walk(
        ExecutionContext steps, JsonNode value, JsonNode root, NodePath at, boolean validates) {
      take(steps, value);
      validator.walk(steps, value, root, at, validates);
    }

    private void take(ExecutionContext steps, JsonNode value) {
      if (steps instanceof SchemaCheck.Steps counted) {
        charge.take(counted.values(), value);
      }
    }
  }
}
