package dev.errand.models.output;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.networknt.schema.Error;
import com.networknt.schema.ExecutionContext;
import com.networknt.schema.Schema;
import com.networknt.schema.SchemaException;
import com.networknt.schema.SchemaLocation;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SchemaRegistryConfig;
import com.networknt.schema.path.PathType;
import com.networknt.schema.regex.RegularExpressionFactory;
import dev.errand.base.database.StorableText;
import dev.errand.base.error.ApiException;
import dev.errand.base.json.WellFormed;
import dev.errand.base.limit.LinearPattern;
import dev.errand.base.limit.LruCache;
import dev.errand.base.secret.Sha256;
import dev.errand.base.turn.FairPool;
import dev.errand.base.turn.WorkStoppedException;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Checks schemas, and answers against them. Schemas come from users and answers from models, so all
 * that a check may cost is bounded: it counts its steps, and matches patterns in linear time.
 */
public final class SchemaCheck {
  private static final String FIELD = "settings.output_schema";
  private static final String DIALECT = "https://json-schema.org/draft/2020-12/schema";
  private static final int MOST_BYTES = 65_536;
  private static final int MOST_LEVELS = 64;
  private static final int MOST_EXPONENT = 1000;
  private static final int MOST_PROBLEMS = 10;
  private static final int LONGEST_PROBLEM = 300;

  // Those by which a schema could lead out of itself, or into itself by another way than a pointer,
  // and those for which the validator keeps a note of each step.
  private static final Set<String> REFUSED =
      Set.of(
          "$id",
          "$anchor",
          "$dynamicAnchor",
          "$dynamicRef",
          "$recursiveAnchor",
          "$recursiveRef",
          "unevaluatedItems",
          "unevaluatedProperties",
          "$vocabulary");

  // A schema is checked before its task is stored, and when it is.
  private static final LruCache<String, Boolean> CHECKED = new LruCache<>(200);

  private static volatile @Nullable Schema metaSchema;

  private SchemaCheck() {}

  // Not by a class initialiser, which would run while a native executable is built.
  private static Schema metaSchema() {
    Schema known = metaSchema;
    if (known == null) {
      // It has no patterns of users.
      known =
          registry(regex -> LinearPattern.of(regex)::isFoundIn)
              .getSchema(SchemaLocation.of(DIALECT));
      metaSchema = known;
    }
    return known;
  }

  /**
   * Checks the schema of a task.
   *
   * @throws ApiException that names the part which is wrong, by its JSON Pointer
   */
  public static void check(ObjectNode schema) {
    checkSize(schema);
    String address = Sha256.hex(schema.toString());
    if (CHECKED.find(address).isEmpty()) {
      checkContent(schema);
      CHECKED.put(address, true);
    }
  }

  private static void checkContent(ObjectNode schema) {
    JsonNode dialect = schema.path("$schema");
    if (!dialect.isMissingNode() && !dialect.asText().replaceFirst("#$", "").equals(DIALECT)) {
      throw invalid("must have the $schema " + DIALECT + ", or none");
    }
    List<Subschema> all = Subschema.all(schema);
    Set<String> places = all.stream().map(Subschema::pointer).collect(Collectors.toSet());
    Steps reading = new Steps();
    for (Subschema each : all) {
      check(each, places, reading);
    }
    List<String> problems = new Compiled(metaSchema(), new Steps()).problems(schema);
    if (!problems.isEmpty()) {
      throw invalid("is not a JSON Schema: " + problems.getFirst());
    }
    try {
      compile(schema);
    } catch (WorkStoppedException e) {
      throw e;
    } catch (RuntimeException | StackOverflowError e) {
      throw invalid("can't be used as a JSON Schema: " + e.getMessage());
    }
  }

  /**
   * Refuses a schema that has a keyword which the models of a runner do not take.
   *
   * @throws ApiException that names the keyword, by its JSON Pointer
   */
  public static void refuse(ObjectNode schema, Set<String> keywords, String runner) {
    Subschema.find(schema, keywords)
        .ifPresent(
            found -> {
              throw invalid("has " + found + ", which the models of " + runner + " do not take");
            });
  }

  private static void checkSize(ObjectNode schema) {
    if (isDeeper(schema, MOST_LEVELS)) {
      throw invalid("has more than " + MOST_LEVELS + " levels");
    }
    if (schema.toString().getBytes(StandardCharsets.UTF_8).length > MOST_BYTES) {
      throw invalid("has more than " + MOST_BYTES + " bytes");
    }
    if (hasHugeNumber(schema)) {
      throw invalid("has a number that is too large or too small");
    }
    if (hasNul(schema)) {
      throw invalid(StorableText.PROBLEM);
    }
  }

  private static void check(Subschema part, Set<String> places, Steps reading) {
    for (Map.Entry<String, JsonNode> field : part.schema().properties()) {
      String keyword = field.getKey();
      JsonNode value = field.getValue();
      if (REFUSED.contains(keyword) || (keyword.equals("$schema") && !part.pointer().isEmpty())) {
        throw invalid(
            "has "
                + part.at(keyword)
                + ", which is not supported: leave it out, and refer to a part of the schema by its"
                + " path, as in {\"$ref\": \"#/$defs/name\"}");
      }
      if (keyword.equals("$ref") && !isPlace(value, places)) {
        throw invalid(
            "has "
                + part.at(keyword)
                + ", which does not name a schema within this one, as #/$defs/name does; others are"
                + " not fetched");
      }
      for (String regex : patterns(keyword, value)) {
        checkPattern(part.at(keyword), regex, reading);
      }
    }
  }

  /** The regular expressions that a keyword has. */
  private static Iterable<String> patterns(String keyword, JsonNode value) {
    return switch (keyword) {
      case "pattern" -> value.isTextual() ? List.of(value.textValue()) : List.of();
      case "patternProperties" -> value::fieldNames;
      default -> List.of();
    };
  }

  private static boolean isPlace(JsonNode ref, Set<String> places) {
    String text = ref.asText();
    return text.startsWith("#") && places.contains(text.substring(1));
  }

  private static void checkPattern(String at, String regex, Steps reading) {
    try {
      reading.take(LinearPattern.of(regex).stepsToRead());
    } catch (TooManyStepsException e) {
      throw invalid(
          "has "
              + at
              + ", with which its patterns take too long to be read: use fewer classes of"
              + " characters such as \\p{L}");
    } catch (IllegalArgumentException e) {
      throw invalid("has " + at + ", whose pattern " + e.getMessage());
    }
  }

  private static ApiException invalid(String message) {
    return ApiException.invalid(FIELD, WellFormed.excerpt(message, LONGEST_PROBLEM));
  }

  private static boolean isDeeper(JsonNode node, int levels) {
    if (levels == 0) {
      return true;
    }
    for (JsonNode child : node) {
      if (child.isContainerNode() && isDeeper(child, levels - 1)) {
        return true;
      }
    }
    return false;
  }

  // A calculation with 1E+999999999 would write all of its digits.
  private static boolean hasHugeNumber(JsonNode node) {
    if (node.isBigDecimal()) {
      BigDecimal number = node.decimalValue();
      return Math.abs((long) number.precision() - number.scale()) > MOST_EXPONENT
          || number.precision() > MOST_EXPONENT;
    }
    for (JsonNode child : node) {
      if (hasHugeNumber(child)) {
        return true;
      }
    }
    return false;
  }

  private static boolean hasNul(JsonNode node) {
    if (node.isTextual()) {
      return !StorableText.is(node.textValue());
    }
    return node.propertyStream()
            .anyMatch(field -> !StorableText.is(field.getKey()) || hasNul(field.getValue()))
        || (node.isArray() && node.valueStream().anyMatch(SchemaCheck::hasNul));
  }

  /**
   * What is wrong with the arguments of a call by the schema of its tool, each a sentence; none
   * where this service can't check that schema, which tools do themselves.
   */
  public static List<String> misfits(ObjectNode schema, ObjectNode arguments) {
    // Most tools name another dialect and use what they share.
    ObjectNode plain = schema.deepCopy().without("$schema");
    try {
      check(plain);
    } catch (ApiException e) {
      return List.of();
    }
    return compile(plain).problems(arguments);
  }

  /** Compiles a schema that was checked. */
  static Compiled compile(ObjectNode schema) {
    Steps steps = new Steps();
    ObjectNode bare = schema.deepCopy();
    bare.remove("$schema");
    Map<String, LinearPattern> patterns = new HashMap<>();
    for (Subschema each : Subschema.all(bare)) {
      for (Map.Entry<String, JsonNode> field : each.schema().properties()) {
        for (String regex : patterns(field.getKey(), field.getValue())) {
          patterns.computeIfAbsent(regex, SchemaCheck::read);
        }
      }
    }
    return new Compiled(
        registry(
                regex -> {
                  LinearPattern pattern = patterns.get(regex);
                  return text -> {
                    if (pattern == null) {
                      throw new SchemaException("The pattern can't be read.");
                    }
                    return steps.matches(pattern, text);
                  };
                })
            .getSchema(bare),
        steps);
  }

  // Before the validator needs it, which takes the end of work for a fault of the schema.
  private static @Nullable LinearPattern read(String regex) {
    try {
      LinearPattern pattern = LinearPattern.of(regex);
      FairPool.check(pattern.stepsToRead());
      return pattern;
    } catch (IllegalArgumentException e) {
      // Another version took it: only what needs it fails.
      return null;
    }
  }

  // Each schema has a registry of its own, since a registry keeps what it has compiled.
  private static SchemaRegistry registry(RegularExpressionFactory patterns) {
    return SchemaRegistry.withDialect(
        ChargedKeyword.dialect(),
        builder ->
            builder.schemaRegistryConfig(
                SchemaRegistryConfig.builder()
                    .regularExpressionFactory(patterns)
                    .messageSource(ProblemSentences::of)
                    .locale(Locale.ROOT)
                    .pathType(PathType.JSON_POINTER)
                    .formatAssertionsEnabled(false)
                    .preloadSchema(false)
                    .build()));
  }

  /** A schema that answers can be checked against, one after another. */
  static final class Compiled {
    private final Schema schema;
    private final Steps steps;

    private Compiled(Schema schema, Steps steps) {
      this.schema = schema;
      this.steps = steps;
    }

    /** What is wrong with a value, each problem once; empty where it fits. */
    List<String> problems(JsonNode value) {
      if (hasHugeNumber(value)) {
        return List.of("The answer has a number that is too large or too small.");
      }
      try {
        steps.begin(schema);
        schema.validate(steps, value);
      } catch (TooManyStepsException | StackOverflowError e) {
        return List.of("The answer takes too long to be checked against this schema.");
      } catch (SchemaException e) {
        return List.of("The answer can't be checked against this schema.");
      }
      Set<String> known = new HashSet<>();
      List<String> problems = new ArrayList<>();
      for (Error error : steps.getErrors()) {
        String problem = sentence(error);
        if (problems.size() < MOST_PROBLEMS && known.add(problem)) {
          problems.add(problem);
        }
      }
      return problems;
    }

    private static String sentence(Error error) {
      String path = error.getInstanceLocation().toString();
      return WellFormed.excerpt(
          (path.isEmpty() ? "The whole" : path) + " " + error.getMessage() + ".", LONGEST_PROBLEM);
    }
  }

  /** Counts the steps of a check, which end it when they are too many or too deep. */
  static final class Steps extends ExecutionContext {
    private static final int MOST = 1_000_000;
    private static final int DEEPEST = 1000;
    private static final int MATCHED_IN_A_STEP = 64;
    private static final int STEPS_OF_A_MATCH = 4;
    // Those that are kept take memory.
    private static final int STEPS_OF_AN_ERROR = 50;
    // A last resort, which a machine that is merely busy does not come to.
    private static final long LONGEST_NANOS = 10_000_000_000L;

    /** What has been found out about the values of the present check. */
    private final ValueCosts values = new ValueCosts(this::take);

    private long taken;
    private long begun = System.nanoTime();
    private int depth;

    void begin(Schema schema) {
      setExecutionConfig(schema.createExecutionContext().getExecutionConfig());
      setErrors(new ArrayList<>());
      values.forget();
      taken = 0;
      depth = 0;
      begun = System.nanoTime();
    }

    ValueCosts values() {
      return values;
    }

    @Override
    public void evaluationPathAddLast(String token) {
      deeper();
      super.evaluationPathAddLast(token);
    }

    @Override
    public void evaluationPathAddLast(int token) {
      deeper();
      super.evaluationPathAddLast(token);
    }

    @Override
    public void evaluationPathRemoveLast() {
      depth--;
      super.evaluationPathRemoveLast();
    }

    @Override
    public void addError(Error error) {
      take(STEPS_OF_AN_ERROR);
      super.addError(error);
    }

    private void deeper() {
      take(1);
      if (++depth > DEEPEST) {
        throw new TooManyStepsException();
      }
    }

    void take(long steps) {
      FairPool.check(steps);
      taken += steps;
      if (taken > MOST || System.nanoTime() - begun > LONGEST_NANOS) {
        throw new TooManyStepsException();
      }
    }

    boolean matches(LinearPattern pattern, String text) {
      // However short they are, a match takes its time.
      take(STEPS_OF_A_MATCH + pattern.steps(text) / MATCHED_IN_A_STEP);
      return pattern.isFoundIn(text);
    }
  }

  private static final class TooManyStepsException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    TooManyStepsException() {
      super("The check takes too many steps.", null, false, false);
    }
  }
}
