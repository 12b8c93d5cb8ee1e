package dev.errand.base.cel;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.cel.common.CelAbstractSyntaxTree;
import dev.cel.common.CelValidationException;
import dev.cel.common.values.CelByteString;
import dev.cel.compiler.CelCompilerFactory;
import dev.errand.base.cel.Condition.DoesNotHold;
import dev.errand.base.cel.Condition.Failed;
import dev.errand.base.cel.Condition.Holds;
import dev.errand.base.cel.Condition.Result;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class ConditionTest {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final Map<String, Condition.Type> VARIABLES = new LinkedHashMap<>();
  private static final Map<String, JsonNode> VALUES =
      Map.of(
          "text",
          json("\"Hello\""),
          "any",
          json(
              """
              {"n": 3, "x": 2.5, "ok": true, "none": null, "big": 12345678901234567890,
               "items": [{"name": "ab", "price": 1}, {"name": "cd", "price": 2.5}]}\
              """),
          "object",
          json("{\"tool_calls\": 2}"),
          "texts",
          json("[\"output_cut\"]"));

  static {
    VARIABLES.put("text", Condition.Type.TEXT);
    VARIABLES.put("any", Condition.Type.ANY);
    VARIABLES.put("object", Condition.Type.OBJECT);
    VARIABLES.put("texts", Condition.Type.TEXTS);
  }

  private static JsonNode json(String text) {
    try {
      return JSON.readTree(text);
    } catch (com.fasterxml.jackson.core.JsonProcessingException e) {
      throw new AssertionError(e);
    }
  }

  private static Condition condition(String expression) {
    return Condition.of(expression, VARIABLES);
  }

  private static Result result(String expression) {
    return condition(expression).check(VALUES);
  }

  private static String refused(String expression) {
    return String.valueOf(
        assertThrows(IllegalArgumentException.class, () -> condition(expression)).getMessage());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "true",
        ".text == 'Hello' && texts.exists(text, text != .text)",
        "text == 'Hello' && text.startsWith('He') && text.endsWith('lo') && text.contains('ell')",
        "size(text) > 4 && text.size() < 6",
        "text.matches('^[A-Z][a-z]+$')",
        "matches(text, 'ell') && text.matches('^\\\\u0048ello$')",
        "any.n == 3 && any.n > 2.5 && any.n + 1 == 4",
        "any.x == 2.5 && any.ok && any.none == null",
        "any.ok",
        "any.big > 1.0e19",
        "any.items.all(i, i.price >= 1 && i.name.matches('^[a-z]+$'))",
        "any.items.exists(i, i.price > 2) && any.items.exists_one(i, i.name == 'ab')",
        "any.items.filter(i, i.price > 2).size() == 1",
        "any.items.map(i, i.name) == ['ab', 'cd']",
        "any.items[1]['name'] == 'cd'",
        "has(any.n) && !has(any.m)",
        "object.tool_calls < 5",
        "'output_cut' in texts && !('max_cost' in texts)",
        "any.n > 5 ? false : any['ok']",
        "string(any.n) + 'x' == '3x' && int('4') == 4",
        "any.missing == 1 || true",
        "timestamp('2026-01-02T03:04:05Z') < timestamp('2026-01-03T00:00:00Z')",
        "duration('90s') == duration('1m30s')",
        "{'a': 1}.a == 1 && type(any.n) == int"
      })
  void whatIsTrueHolds(String expression) {
    assertEquals(new Holds(), result(expression));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"false", "size(text) > 10", "any.items.exists(i, i.price > 10)", "any.n == '3'"})
  void whatIsFalseDoesNotHold(String expression) {
    assertEquals(new DoesNotHold(), result(expression));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          any.missing == 1          | missing
          any.n                     | true or false
          any.none.n == 1           | n
          1 / (any.n - 3) == 1      | zero
          any.items[7].price > 1    | 7
          any.text > 1 && any.ok    | text
          int(text) == 1            | a part of it fails with bad format
          any.items > 1             | gets a value of a type
          any.items.n == 1          | n' is absent
          any["n o"] == 1           | n o' is absent
          1 % (any.n - 3) == 1      | zero
          int(any.big) == 1         | range
          """)
  void whatCanNotBeEvaluatedFails(String expression, String why) {
    Failed failed = assertInstanceOf(Failed.class, result(expression));
    assertTrue(failed.why().contains(why), failed.why());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{'ok': true}[text]",
        "any[text] == 1",
        "{'ok': true}[text] || {'ok': 1}['ok'] == 2",
        "{dyn(1): true}[text]",
        "[text].all(each, {'ok': 1}[each] == 1)"
      })
  void aReasonHasNothingOfTheValues(String expression) {
    Failed failed = assertInstanceOf(Failed.class, result(expression));
    assertEquals("a key that it looks up is absent", failed.why());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      textBlock =
          """
          texxt == 'a'                  | line 1, column 1: undeclared reference to 'texxt'
          size(text) >                  | column 13
          text == 1                     | no matching overload
          size(text)                    | bool
          text.upper() == 'A'           | upper
          text.replace('a', text) == '' | replace
          '%s%s'.format([text]) == ''   | format
          texts.join(text) == ''        | join
          bytes(text).size() > 0        | has bytes, which are not supported
          [b'a'].map(x, x + x) == []    | has bytes, which are not supported
          dyn({'a': [b'a']}) == any     | has bytes, which are not supported
          text.matches(any.n)           | quotation marks
          text.matches('(?=a)')         | lookahead
          text.matches('(a{900}){900}') | repeats too much
          google.protobuf.Duration{seconds: 1} == duration('1s') | google.protobuf.Duration
          """)
  void whatIsNoConditionIsRefusedWithItsPlace(String expression, String why) {
    String refused = refused(expression);
    assertTrue(refused.contains(why), refused);
  }

  @Test
  void aRefusalNamesTheVariables() {
    assertTrue(refused("a && b").contains("text, any, object, texts"));
    assertTrue(refused("true &&\n  b").contains("line 2, column 3"), refused("true &&\n  b"));
    assertTrue(refused(" ").contains("must be a condition"));
    assertTrue(refused("'" + "x".repeat(4000) + "' == text").contains("4000"));
  }

  @Test
  void itKnowsWhatItReads() {
    assertTrue(condition("any.n == 1 || size(texts) > 0").reads("any"));
    assertTrue(condition("any.n == 1 || size(texts) > 0").reads("texts"));
    assertFalse(condition("text.size() > 0").reads("any"));
    assertTrue(condition("texts.all(t, any.items.exists(i, i.name == t))").reads("any"));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "(",
        "[",
        "{",
        "!",
        "-",
        "a.",
        "1+",
        "true?",
        "[[",
        "({",
        "x(",
        "a[",
        "text.size()+",
        "1<"
      })
  void whatIsDeepIsRefused(String part) {
    String refused = refused(part.repeat(3900 / part.length()));
    assertTrue(refused.length() < 500, refused);
  }

  private static String repeated(String begin, String part, int times, String end) {
    return begin + part.repeat(times) + end;
  }

  static Stream<String> hostile() {
    return Stream.of(
        // Texts and lists that double, and values within themselves.
        repeated("[text]", ".map(x, x + x)", 25, ".size() == 1"),
        repeated("[[1]]", ".map(x, x + x)", 25, ".size() == 1"),
        repeated("[[1]]", ".map(x, dyn([x, x]))", 25, " == [dyn(1)]"),
        repeated("[[1]]", ".map(x, dyn({'a': x, 'b': x}))", 25, " == [dyn(1)]"),
        // Loops in loops.
        "many.all(a, many.all(b, many.all(c, a + b + c >= 0)))",
        "many.all(a, many.all(b, a == b || many.exists(c, c < 0) || true))",
        "many.map(a, many.map(b, many)).size() == 0",
        "many.filter(a, many.filter(b, true).size() > 0).size() > 0",
        // Large values in loops.
        "many.all(a, large == large)",
        "many.all(a, large.n.n == 0 || true)",
        "[large].all(x, many.all(a, x.n.n == 0 || true))",
        "many.all(a, many.all(b, large['n'] != null))",
        "many.all(a, long.contains(half + 'b') || true)",
        "many.all(a, long.matches('(a?){100}b') || true)",
        "many.all(a, size(long + long) > 0)",
        "many.all(a, long == long + '')",
        "many.all(a, many.all(b, a in many))",
        "many.all(a, many == many + [])",
        "many.map(a, string(a) + long).size() > 0");
  }

  @ParameterizedTest
  @MethodSource("hostile")
  void whatTakesTooManyStepsEnds(String expression) {
    Map<String, JsonNode> values =
        Map.of(
            "text", json("\"Hello\""),
            "many", JSON.valueToTree(Stream.iterate(0, i -> i + 1).limit(2000).toList()),
            "large",
                json(
                    "{\"n\": {\"n\": 0}, \"all\": ["
                        + "{\"a\": 1}, ".repeat(20_000)
                        + "{\"a\": 1}]}"),
            "long", json("\"" + "a".repeat(400_000) + "\""),
            "half", json("\"" + "a".repeat(200_000) + "\""));
    Map<String, Condition.Type> types =
        Map.of(
            "text", Condition.Type.TEXT,
            "many", Condition.Type.ANY,
            "large", Condition.Type.ANY,
            "long", Condition.Type.TEXT,
            "half", Condition.Type.TEXT);
    assertEquals(
        new Failed("it takes too many steps"), Condition.of(expression, types).check(values));
  }

  @Test
  void bytesAreChargedAlthoughNoConditionHasThem() throws CelValidationException {
    CelAbstractSyntaxTree tree =
        CelCompilerFactory.standardCelCompilerBuilder().build().compile("true").getAst();
    Costs.Meter meter = Costs.of(tree).meter(Condition.MOST_STEPS);
    CelByteString large = CelByteString.of(new byte[20_000_000]);
    assertThrows(Costs.TooCostlyException.class, () -> meter.callback(tree.getExpr(), large));
  }

  @Test
  void ordinaryConditionsOverLargeValuesAreWithinTheBound() {
    String items = "{\"name\": \"an item\", \"price\": 1}, ".repeat(5000);
    Map<String, JsonNode> values =
        Map.of(
            "text", json("\"" + "word ".repeat(100_000) + "\""),
            "any", json("{\"items\": [" + items + "{\"name\": \"x\", \"price\": 2}]}"),
            "object", json("{}"),
            "texts", json("[]"));
    Condition condition =
        condition(
            "size(text) > 10 && text.contains('word word') && text.matches('wo+rd')"
                + " && any.items.all(i, i.price > 0 && i.name != '')");
    assertEquals(new Holds(), condition.check(values));
    assertEquals(new Holds(), condition.check(values), "it may be evaluated again");
  }

  @Test
  void thePatternsOfAConditionHaveTogetherNoMoreThanOneMayHave() {
    String classes = "text.matches(r'" + "\\pL".repeat(10);
    assertEquals(new DoesNotHold(), result(classes + "1') || " + classes + "2')"));
    assertEquals(
        "has patterns in matches that have together more than 20 classes of characters such as"
            + " \\p{L}",
        refused(classes + "1') || " + classes + "2') || text.matches(r'\\pN')"));
    // One that is there twice is read once.
    assertEquals(
        new DoesNotHold(), result(classes + "1') || " + classes + "1') || " + classes + "2')"));
    assertEquals(
        "has patterns in matches that have together more than 2000 parts, their repetitions written"
            + " out",
        refused("text.matches('a{990}') || text.matches('b{990}') || text.matches('c{30}')"));
    assertEquals(
        "has patterns in matches that ignore together the case of ranges with more than 100000"
            + " characters",
        refused(
            "text.matches(r'(?i)"
                + "[\\u3000-\\u9fff]".repeat(3)
                + "') || text.matches(r'(?i)[\\u3000-\\u9ffe]')"));
  }
}
