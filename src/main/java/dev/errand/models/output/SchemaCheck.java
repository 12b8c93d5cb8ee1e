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
import com.networknt.schema.dialect.Dialects;
import com.networknt.schema.path.PathType;
import dev.errand.base.database.StorableText;
import dev.errand.base.error.ApiException;
import dev.errand.base.json.WellFormed;
import dev.errand.base.limit.LinearPattern;
import dev.errand.base.limit.LruCache;
import dev.errand.base.secret.Sha256;
import dev.errand.base.turn.FairPool;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.function.BiPredicate;
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
  private static final String UNIQUE = "uniqueItems";
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
      known = registry(LinearPattern::isFoundIn).getSchema(SchemaLocation.of(DIALECT));
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
    for (Subschema each : all) {
      check(each, places);
    }
    // The dialect itself lets no list of names have one twice.
    List<String> problems = new Compiled(metaSchema(), new Steps(), true).problems(schema);
    if (!problems.isEmpty()) {
      throw invalid("is not a JSON Schema: " + problems.getFirst());
    }
    try {
      compile(schema);
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

  private static void check(Subschema part, Set<String> places) {
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
      if (keyword.equals("pattern") && value.isTextual()) {
        checkPattern(part.at(keyword), value.textValue());
      }
      if (keyword.equals("patternProperties")) {
        value.fieldNames().forEachRemaining(regex -> checkPattern(part.at(keyword), regex));
      }
    }
  }

  private static boolean isPlace(JsonNode ref, Set<String> places) {
    String text = ref.asText();
    return text.startsWith("#") && places.contains(text.substring(1));
  }

  private static void checkPattern(String at, String regex) {
    try {
      LinearPattern.of(regex);
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
    boolean comparesItems =
        Subschema.all(bare).stream().anyMatch(each -> each.schema().path(UNIQUE).asBoolean());
    return new Compiled(registry(steps::matches).getSchema(bare), steps, comparesItems);
  }

  // Each schema has a registry of its own, since a registry keeps what it has compiled.
  private static SchemaRegistry registry(BiPredicate<LinearPattern, String> matches) {
    return SchemaRegistry.withDialect(
        Dialects.getDraft202012(),
        builder ->
            builder.schemaRegistryConfig(
                SchemaRegistryConfig.builder()
                    .regularExpressionFactory(
                        regex -> {
                          LinearPattern pattern = LinearPattern.of(regex);
                          return text -> matches.test(pattern, text);
                        })
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
    private final boolean comparesItems;

    private Compiled(Schema schema, Steps steps, boolean comparesItems) {
      this.schema = schema;
      this.steps = steps;
      this.comparesItems = comparesItems;
    }

    /** What is wrong with a value, each problem once; empty where it fits. */
    List<String> problems(JsonNode value) {
      if (hasHugeNumber(value)) {
        return List.of("The answer has a number that is too large or too small.");
      }
      try {
        steps.begin(schema);
        if (comparesItems) {
          steps.compareItems(value);
        }
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
  private static final class Steps extends ExecutionContext {
    private static final int MOST = 1_000_000;
    private static final int DEEPEST = 1000;
    private static final int MATCHED_IN_A_STEP = 64;
    private static final int STEPS_OF_A_MATCH = 4;
    // Those that are kept take memory.
    private static final int STEPS_OF_AN_ERROR = 50;
    private static final int LOOKED_UP_IN_A_STEP = 4;
    private static final int COMPARED_IN_A_STEP = 16;
    // A last resort, which a machine that is merely busy does not come to.
    private static final long LONGEST_NANOS = 10_000_000_000L;

    private final IdentityHashMap<JsonNode, Integer> alikeIn = new IdentityHashMap<>();
    private long taken;
    private long begun;
    private int depth;

    void begin(Schema schema) {
      setExecutionConfig(schema.createExecutionContext().getExecutionConfig());
      setErrors(new ArrayList<>());
      taken = 0;
      depth = 0;
      begun = System.nanoTime();
    }

    @Override
    public void evaluationPathAddLast(String token) {
      deeper();
      takeFor(token);
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

    /** Takes the steps of a keyword that the validator goes through without telling. */
    private void takeFor(String keyword) {
      Schema at = getEvaluationSchema().peekLast();
      JsonNode value = at == null ? null : at.getSchemaNode().get(keyword);
      if (value == null) {
        return;
      }
      switch (keyword) {
        // All of them are looked up, however few the object has.
        case "properties", "required" -> take(value.size() / LOOKED_UP_IN_A_STEP);
        case "enum" -> take(alikeIn.computeIfAbsent(value, Steps::mostOfOneHash));
        default -> {}
      }
    }

    /** How many values of a list a lookup compares at most. */
    private static int mostOfOneHash(JsonNode values) {
      Map<Integer, Integer> counts = new HashMap<>();
      int most = 0;
      for (JsonNode value : values) {
        most = Math.max(most, counts.merge(value.hashCode(), 1, Integer::sum));
      }
      return most;
    }

    /**
     * Takes the steps of comparing the items of all lists in a value, as the validator does to find
     * those that are there twice: each with the ones that have its hash, of which an answer may
     * have any number.
     *
     * @return the number of values that it is, with those within it
     */
    long compareItems(JsonNode value) {
      Map<Integer, List<JsonNode>> known = new HashMap<>();
      long size = 1;
      for (JsonNode child : value) {
        long ofChild = compareItems(child);
        size += ofChild;
        if (value.isArray()) {
          take(1 + ofChild / COMPARED_IN_A_STEP);
          List<JsonNode> alike = known.computeIfAbsent(child.hashCode(), _ -> new ArrayList<>(1));
          take(alike.size() * (1 + ofChild / COMPARED_IN_A_STEP));
          if (!alike.contains(child)) {
            alike.add(child);
          }
        }
      }
      return size;
    }

    private void deeper() {
      take(1);
      if (++depth > DEEPEST) {
        throw new TooManyStepsException();
      }
    }

    private void take(long steps) {
      FairPool.check();
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
