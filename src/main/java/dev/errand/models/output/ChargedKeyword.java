package dev.errand.models.output;

import com.fasterxml.jackson.databind.JsonNode;
import com.networknt.schema.ExecutionContext;
import com.networknt.schema.Schema;
import com.networknt.schema.SchemaContext;
import com.networknt.schema.SchemaLocation;
import com.networknt.schema.dialect.Dialect;
import com.networknt.schema.dialect.Dialects;
import com.networknt.schema.keyword.Keyword;
import com.networknt.schema.keyword.KeywordType;
import com.networknt.schema.keyword.KeywordValidator;
import com.networknt.schema.path.NodePath;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A keyword of the validator that is charged for its work before it does it. The validator tells of
 * each schema and each keyword that it enters, which is a step, and asks for each match of a
 * pattern; what else a keyword does with a value is charged by the sizes of both.
 */
final class ChargedKeyword implements Keyword {
  // The validator looks for its own classes of these, which do nothing but lead elsewhere.
  private static final Set<String> BARE = Set.of("$ref", "$dynamicRef");

  // Those of earlier dialects, which the validator knows besides.
  private static final Set<String> EARLIER = Set.of("dependencies", "id", "notAllowed");

  private static volatile @Nullable Dialect dialect;

  private final Keyword keyword;

  private ChargedKeyword(Keyword keyword) {
    this.keyword = keyword;
  }

  /** The dialect 2020-12 with keywords that are charged. */
  // Not by a class initialiser, which would run while a native executable is built.
  static Dialect dialect() {
    Dialect known = dialect;
    if (known == null) {
      known = charged();
      dialect = known;
    }
    return known;
  }

  private static Dialect charged() {
    Dialect standard = Dialects.getDraft202012();
    return Dialect.builder(standard)
        .keywords(
            keywords -> {
              // A builder has few of them: the others follow from its vocabularies, behind these.
              keywords.putAll(standard.getKeywords());
              keywords.keySet().removeAll(EARLIER);
              keywords.replaceAll(
                  (name, each) ->
                      each instanceof KeywordType && !BARE.contains(name)
                          ? new ChargedKeyword(each)
                          : each);
            })
        .build();
  }

  /** What is charged for a value. */
  @FunctionalInterface
  private interface Charge {
    void take(ValueCosts costs, JsonNode value);
  }

  private static Charge charge(String keyword, JsonNode of) {
    return switch (keyword) {
      // Values that differ in size are not compared any further.
      case "const" -> {
        long size = ValueCosts.sizeOfKeyword(of);
        yield (costs, value) -> costs.takeParts(Math.min(size, costs.size(value)));
      }
      case "enum" -> ofEnum(of);
      case "uniqueItems" ->
          of.asBoolean()
              ? (costs, value) -> costs.takeUniqueness(value)
              : (costs, value) -> costs.takeParts(1);
      case "dependentRequired" -> {
        long size = ValueCosts.sizeOfKeyword(of);
        yield (costs, value) -> costs.takeParts(size);
      }
      // What they do with a value is done by the schemas that they have, if any.
      case "type", "properties", "required", "allOf", "anyOf", "oneOf", "not", "if" -> {
        long width = ValueCosts.width(of);
        yield (costs, value) -> costs.takeParts(width);
      }
      // Each of its parts is looked up, and each item, field or piece of a value looked at.
      default -> {
        long width = ValueCosts.width(of);
        yield (costs, value) -> costs.takeParts(width + ValueCosts.width(value));
      }
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
    long size = largest;
    return (costs, value) -> {
      long ofValue = costs.size(value);
      costs.take(alike);
      costs.takeParts(ofValue + alike * Math.min(size, ofValue));
    };
  }

  @Override
  public String getValue() {
    return keyword.getValue();
  }

  @Override
  public KeywordValidator newValidator(
      SchemaLocation location, JsonNode of, Schema parent, SchemaContext context) throws Exception {
    return new Charged(
        keyword.newValidator(location, of, parent, context), charge(keyword.getValue(), of));
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
      charge.take(((SchemaCheck.Steps) steps).values(), value);
    }
  }
}
