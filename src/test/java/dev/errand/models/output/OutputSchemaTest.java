package dev.errand.models.output;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.cfg.JsonNodeFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.errand.base.error.ApiException;
import dev.errand.base.json.Json;
import dev.errand.base.turn.ShortWork;
import dev.errand.base.turn.WorkStoppedException;
import dev.errand.models.output.OutputSchema.Fits;
import dev.errand.models.output.OutputSchema.Misfit;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.function.IntFunction;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What a schema may be, what an answer must be, and what neither can cost. */
class OutputSchemaTest {
  private static final Json JSON =
      new Json(
          JsonMapper.builder()
              .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
              .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
              .disable(JsonNodeFeature.STRIP_TRAILING_BIGDECIMAL_ZEROES)
              .build());

  private static final String CITY =
      """
      {"type": "object", "additionalProperties": false, "required": ["name", "people"],
       "properties": {
         "name": {"type": "string", "minLength": 1, "pattern": "^[\\\\u0041-Z]"},
         "people": {"type": "integer", "minimum": 0},
         "kind": {"enum": ["town", "city", null]},
         "twin": {"$ref": "#"},
         "area": {"$ref": "#/$defs/area"}},
       "$defs": {"area": {"type": "number", "exclusiveMinimum": 0}}}
      """;

  private static ObjectNode schema(String text) {
    return (ObjectNode) JSON.tree(text);
  }

  private static OutputSchema.Checked check(String schema, String answer) {
    return new OutputSchema(schema(schema), 1, JSON).check(answer);
  }

  private static List<String> problems(String schema, String answer) {
    return assertInstanceOf(Misfit.class, check(schema, answer)).problems();
  }

  private static String refused(String schema) {
    ApiException refusal =
        assertThrows(ApiException.class, () -> SchemaCheck.check(schema(schema)));
    assertEquals("settings.output_schema", refusal.errors().getFirst().field());
    return refusal.errors().getFirst().message();
  }

  @Test
  void anAnswerThatFitsIsTheResult() {
    SchemaCheck.check(schema(CITY));
    String answer = " {\"name\": \"Oslo\",\n \"people\": 700000, \"area\": 0.10}\n";
    assertEquals(new Fits(JSON.tree(answer)), check(CITY, answer));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          {"name": "Oslo"}                                          | The whole lacks the property people.
          {"name": "Oslo", "people": "many"}                        | /people is string and must be integer.
          {"name": "Oslo", "people": -1}                            | /people must be at least 0.
          {"name": "oslo", "people": 1}                             | /name must match ^[\\u0041-Z].
          {"name": "Oslo", "people": 1, "x": 1}                     | The whole has the property x, which is not allowed.
          {"name": "Oslo", "people": 1, "kind": "hut"}              | /kind must be one of ["town", "city", null].
          {"name": "Oslo", "people": 1, "area": 0}                  | /area must be more than 0.
          {"name": "Oslo", "people": 1, "twin": {"name": "Rom"}}    | /twin lacks the property people.
          [1]                                                       | The whole is array and must be object.
          """)
  void anAnswerThatDoesNotFitSaysWhere(String answer, String problem) {
    assertEquals(List.of(problem), problems(CITY, answer));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "Oslo",
        "```json\n{\"a\": 1}\n```",
        "{} {}",
        "{\"a\": 1",
        "{\"a\": 1, \"a\": 2}",
        "",
        "  "
      })
  void anAnswerThatIsNotOneJsonValueDoesNotFit(String answer) {
    assertEquals(1, problems("{}", answer).size());
  }

  @Test
  void theModelIsToldWhatIsWrongAndTheSchema() {
    OutputSchema schema = new OutputSchema(schema("{\"type\": \"object\"}"), 1, JSON);
    String said = schema.repair(assertInstanceOf(Misfit.class, schema.check("[]")));
    assertTrue(said.contains("\n- The whole is array and must be object.\n"), said);
    assertTrue(said.endsWith("{\"type\":\"object\"}"), said);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          {"type": "objekt"}                                        | /type
          {"properties": {"a": {"required": "b"}}}                  | /properties/a/required
          {"properties": {"a": {"$ref": "https://example.org/s"}}}  | /properties/a/$ref
          {"$ref": "file:///etc/passwd"}                            | /$ref
          {"$ref": "other.json#/a"}                                 | /$ref
          {"$ref": "classpath:/application.properties"}             | /$ref
          {"$ref": "#/$defs/absent"}                                | /$ref
          {"$id": "https://example.org/s"}                          | /$id
          {"properties": {"a": {"$id": "b"}}}                       | /properties/a/$id
          {"$dynamicRef": "#a"}                                     | /$dynamicRef
          {"items": {"unevaluatedProperties": false}}               | /items/unevaluatedProperties
          {"properties": {"a": {"pattern": "(?=a)"}}}               | /properties/a/pattern
          {"properties": {"a": {"pattern": "(a)\\\\1"}}}              | /properties/a/pattern
          {"properties": {"a": {"pattern": "("}}}                   | /properties/a/pattern
          {"pattern": "((a{1000}){1000}){1000}"}                    | /pattern
          {"patternProperties": {"(?!a)": {}}}                      | /patternProperties
          {"$schema": "http://json-schema.org/draft-07/schema#"}    | $schema
          {"minimum": 1E+999999999}                                 | number
          """)
  void aSchemaThatCanNotBeUsedIsRefusedWithTheKeyword(String schema, String named) {
    String message = refused(schema);
    assertTrue(message.contains(named), message);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{}",
        "{\"$schema\": \"https://json-schema.org/draft/2020-12/schema\", \"x-own\": {\"$ref\": 1}}",
        "{\"properties\": {\"$ref\": {\"type\": \"string\"}, \"$id\": true}}",
        "{\"const\": {\"$ref\": \"https://example.org\"}}",
        "{\"pattern\":"
            + " \"^\\\\d{4}-\\\\d{2}-\\\\d{2}T\\\\d{2}:\\\\d{2}:\\\\d{2}(\\\\.\\\\d{1,9})?Z$\"}",
        "{\"format\": \"date-time\", \"items\": {\"$ref\": \"#/items/items\", \"items\": true}}"
      })
  void aSchemaThatCanBeUsedIsAccepted(String schema) {
    SchemaCheck.check(schema(schema));
    assertInstanceOf(Misfit.class, check(schema, "?"));
  }

  @Test
  void aSchemaThatIsTooDeepOrTooLargeIsRefused() {
    String deep = "{\"items\":".repeat(70) + "{}" + "}".repeat(70);
    assertTrue(refused(deep).contains("levels"));
    assertTrue(refused("{\"title\": \"" + "x".repeat(70_000) + "\"}").contains("bytes"));
  }

  @Test
  void aPatternThatWouldBacktrackForeverIsMatchedInLinearTime() {
    String schema = "{\"pattern\": \"^(a+)+$\"}";
    SchemaCheck.check(schema(schema));
    assertEquals(1, problems(schema, "\"" + "a".repeat(50_000) + "!\"").size());
  }

  @Test
  void patternsThatWouldTakeTooLongEndTheCheck() {
    String schema = "{\"pattern\": \"(.{1,900}x)|(.{900}y)\"}";
    SchemaCheck.check(schema(schema));
    assertTrue(problems(schema, "\"" + "a".repeat(400_000) + "\"").getFirst().contains("too long"));
  }

  /** Different texts of one hash code. */
  private static String alike(int number) {
    return IntStream.range(0, 14)
        .mapToObj(bit -> (number >> bit & 1) == 0 ? "Aa" : "BB")
        .collect(Collectors.joining("", "\"", "\""));
  }

  private static String list(int number, IntFunction<String> item) {
    return IntStream.range(0, number).mapToObj(item).collect(Collectors.joining(",", "[", "]"));
  }

  private static String object(int number, IntFunction<String> name, String value) {
    return IntStream.range(0, number)
        .mapToObj(i -> "\"" + name.apply(i) + "\":" + value)
        .collect(Collectors.joining(",", "{", "}"));
  }

  private static void takesTooLong(String schema, String answer) {
    assertEquals(
        List.of("The answer takes too long to be checked against this schema."),
        problems(schema, answer));
  }

  @Test
  void itemsOfOneHashCodeAreComparedOnlyWithinTheSteps() {
    takesTooLong("{\"uniqueItems\": true}", list(3000, OutputSchemaTest::alike));
    takesTooLong(
        "{\"items\": {\"uniqueItems\": true}}", "[" + list(3000, i -> "[" + alike(i) + "]") + "]");
    String all = "{\"uniqueItems\": true}";
    assertInstanceOf(Fits.class, check(all, list(500, OutputSchemaTest::alike)));
    assertInstanceOf(Fits.class, check(all, list(50_000, Integer::toString)));
    // Items that are the same need no more than one comparison each.
    String other = "{\"properties\": {\"a\": {\"uniqueItems\": true}}}";
    assertInstanceOf(Fits.class, check(other, "{\"b\": " + list(200_000, _ -> "0") + "}"));
    assertEquals(
        List.of("The whole must not have an item twice."),
        problems("{\"uniqueItems\": true}", "[1, 2, 1]"));
  }

  @Test
  void aListOfValuesOfOneHashCodeIsSoughtInOnlyWithinTheSteps() {
    String values = "{\"items\": {\"enum\": " + list(1000, OutputSchemaTest::alike) + "}}";
    takesTooLong(values, list(2000, _ -> alike(999)));
    assertInstanceOf(Fits.class, check(values, list(200, _ -> alike(999))));
    assertTrue(
        refused("{\"required\": " + list(2000, OutputSchemaTest::alike) + "}")
            .contains("too long"));
  }

  @Test
  void namesAreMatchedWithPatternsOnlyWithinTheSteps() {
    String patterns = "{\"patternProperties\": " + object(1500, i -> "a" + i, "{}") + "}";
    takesTooLong(patterns, object(1000, i -> "b" + i, "0"));
    assertInstanceOf(Fits.class, check(patterns, object(100, i -> "b" + i, "0")));
  }

  @Test
  void propertiesThatAnObjectLacksAreSoughtOnlyWithinTheSteps() {
    String many = "{\"items\": {\"properties\": " + object(3000, i -> "p" + i, "{}") + "}}";
    takesTooLong(many, list(2000, _ -> "{}"));
    assertInstanceOf(Fits.class, check(many, list(500, _ -> "{}")));
    // Those of another schema do not count.
    String besides =
        "{\"properties\": {\"many\": %s, \"few\": {\"items\": {\"properties\": {\"a\": {}}}}}}"
            .formatted(many);
    assertInstanceOf(Fits.class, check(besides, "{\"few\": " + list(50_000, _ -> "{}") + "}"));
  }

  /** A schema that applies another one 18 times at each of some levels. */
  private static String often(String schema, int levels) {
    StringBuilder defs = new StringBuilder("\"l0\": " + schema);
    for (int level = 1; level <= levels; level++) {
      String ref = "{\"$ref\": \"#/$defs/l%d\"}".formatted(level - 1);
      defs.append(", \"l%d\": {\"allOf\": %s}".formatted(level, list(18, _ -> ref)));
    }
    return "{\"$ref\": \"#/$defs/l%d\", \"$defs\": {%s}}".formatted(levels, defs);
  }

  static Stream<Arguments> keywordsWithMuchWork() {
    String object = object(5000, i -> "p" + i, "0");
    String fields = object(7000, i -> "a" + i, "0");
    String names = list(5000, i -> "\"p" + i + "\"");
    String number = "[" + "1E+999,".repeat(50) + "1E-999]";
    return Stream.of(
        arguments("{\"const\": " + object + "}", object),
        arguments("{\"enum\": [" + object + "]}", object),
        arguments("{\"default\": " + object + ", \"required\": " + names + "}", object),
        arguments("{\"dependentRequired\": {\"p0\": " + names + "}}", object),
        arguments(
            "{\"additionalProperties\": false, \"patternProperties\": {\"^a\": true}}", fields),
        arguments("{\"additionalProperties\": true}", fields),
        arguments("{\"propertyNames\": true}", fields),
        arguments("{\"items\": true}", list(20_000, _ -> "0")),
        arguments("{\"uniqueItems\": true}", list(20_000, Integer::toString)),
        arguments("{\"maxLength\": 400000}", "\"" + "x".repeat(400_000) + "\""),
        arguments("{\"items\": {\"multipleOf\": 1E-999}}", number));
  }

  @ParameterizedTest
  @MethodSource("keywordsWithMuchWork")
  void aKeywordThatIsAppliedOftenEndsTheCheckByItsWork(String schema, String answer) {
    // As many steps as keywords are entered are few: 104,976.
    // The time that ends a check in the end is not what ends these.
    assertThrows(
        WorkStoppedException.class,
        () -> ShortWork.call(900_000, () -> check(often(schema, 4), answer)));
    assertNotEquals(
        List.of("The answer takes too long to be checked against this schema."),
        problemsOrNone(schema, answer));
  }

  private static List<String> problemsOrNone(String schema, String answer) {
    return check(schema, answer) instanceof Misfit misfit ? misfit.problems() : List.of();
  }

  @Test
  void patternsThatTakeTooLongToReadAreRefused() {
    String pattern = "{\"pattern\": \"(?i)" + "\\\\pL".repeat(20) + "\"}";
    SchemaCheck.check(schema("{\"allOf\": " + list(50, _ -> pattern) + "}"));
    assertTrue(
        refused("{\"allOf\": " + list(250, _ -> pattern) + "}").contains("too long to be read"));
  }

  @Test
  void aPatternThatOnlyAnotherVersionTakesFailsWhereItIsNeeded() {
    String schema = "{\"properties\": {\"a\": {\"pattern\": \"(?=a)\"}}}";
    assertEquals(
        List.of("The answer can't be checked against this schema."),
        problems(schema, "{\"a\": \"a\"}"));
    assertInstanceOf(Fits.class, check(schema, "{\"b\": 1}"));
  }

  @Test
  void keywordsOfEarlierDialectsAreNotOnesHere() {
    String schema = "{\"dependencies\": {\"a\": {\"required\": [\"b\"]}, \"c\": [\"d\"]}}";
    SchemaCheck.check(schema(schema));
    assertInstanceOf(Fits.class, check(schema, "{\"a\": 1, \"c\": 2}"));
  }

  @Test
  void aSentenceNamesNoMoreThanTheBeginningOfALongList() {
    String values = "{\"propertyNames\": {\"enum\": " + list(5000, i -> "\"" + i + "\"") + "}}";
    SchemaCheck.check(schema(values));
    // The validator writes a sentence for each name, and there may be thousands of them.
    assertTrue(ProblemSentences.of("enum", null, Locale.ROOT, "x".repeat(30_000)).length() < 500);
    assertEquals(
        List.of("The whole does not fit propertyNames."),
        problems(values, object(5000, i -> "b" + i, "0")));
  }

  @Test
  void aSchemaThatGrowsWithEachReferenceEndsTheCheck() {
    String doubled =
        IntStream.range(0, 60)
            .mapToObj(
                i ->
                    "\"d%d\": {\"allOf\": [{\"$ref\": \"#/$defs/d%d\"}, {\"$ref\": \"#/$defs/d%d\"}]}"
                        .formatted(i, i + 1, i + 1))
            .collect(Collectors.joining(", "));
    String schema = "{\"$ref\": \"#/$defs/d0\", \"$defs\": {" + doubled + ", \"d60\": {}}}";
    SchemaCheck.check(schema(schema));
    assertTrue(problems(schema, "1").getFirst().contains("too long"));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{\"$ref\": \"#\"}",
        "{\"allOf\": [{\"$ref\": \"#/$defs/a\"}], \"$defs\": {\"a\": {\"$ref\": \"#\"}}}"
      })
  void aSchemaThatRefersToItselfForEverEndsTheCheck(String schema) {
    SchemaCheck.check(schema(schema));
    assertTrue(problems(schema, "1").getFirst().contains("too long"));
  }

  @Test
  void aLongChainOfReferencesIsCompiledAndFollowedAsFarAsIsAllowed() {
    String chain =
        IntStream.range(0, 1500)
            .mapToObj(i -> "\"%d\": {\"$ref\": \"#/$defs/%d\"}".formatted(i, i + 1))
            .collect(Collectors.joining(", "));
    String schema = "{\"$ref\": \"#/$defs/0\", \"$defs\": {" + chain + ", \"1500\": {}}}";
    SchemaCheck.check(schema(schema));
    assertTrue(problems(schema, "1").getFirst().contains("too long"));
  }

  @Test
  void anAnswerCanNotCostMoreThanItsCheck() {
    String deep = "[".repeat(900) + "]".repeat(900);
    String nested = "{\"items\": {\"$ref\": \"#\"}}";
    assertTrue(problems(nested, deep).getFirst().contains("too long"));
    assertTrue(problems("{}", "\"" + "x".repeat(500_001) + "\"").getFirst().contains("500000"));
    assertTrue(problems("{\"multipleOf\": 3}", "1E+999999999").getFirst().contains("number"));
  }

  @Test
  void problemsWithoutEndEndTheCheck() {
    String many = "[" + "1,".repeat(100_000) + "1]";
    List<String> problems = problems("{\"items\": {\"type\": \"string\"}}", many);
    assertTrue(problems.getFirst().contains("too long"), problems.toString());
    List<String> some =
        problems("{\"items\": {\"type\": \"string\"}}", "[" + "1,".repeat(99) + "1]");
    assertEquals(10, some.size());
    assertEquals("/9 is integer and must be string.", some.getLast());
  }

  @Test
  void theSameSchemaChecksSeveralAnswers() {
    OutputSchema schema = new OutputSchema(schema(CITY), 1, JSON);
    assertInstanceOf(Misfit.class, schema.check("{}"));
    assertInstanceOf(Fits.class, schema.check("{\"name\": \"Oslo\", \"people\": 1}"));
    assertInstanceOf(Misfit.class, schema.check("{\"people\": 1}"));
  }

  @Test
  void aKeywordIsFoundWhereItIsOneAndNotWhereItIsAName() {
    ObjectNode schema =
        schema(
            "{\"properties\": {\"minimum\": {\"anyOf\": [true, {\"minimum\": 1}]}}, \"enum\":"
                + " [{\"maximum\": 1}]}");
    assertEquals(
        Optional.of("/properties/minimum/anyOf/1/minimum"),
        Subschema.find(schema, Set.of("minimum", "maximum")));
    assertEquals(Optional.empty(), Subschema.find(schema, Set.of("maximum")));
  }
}
