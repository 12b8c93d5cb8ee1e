package dev.errand.runs.prompt;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.containsString;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.errand.base.error.ApiException;
import dev.errand.base.error.ErrorCode;
import java.time.Duration;
import java.util.Iterator;
import java.util.List;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class RenderingTest {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final String NAME_OF_40 = "n".repeat(40);

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '\0',
      value = {
        "|{}|0",
        "text|{}|1",
        "{{! a remark }}{{=<% %>=}}|{}|2",
        "{{a}}|{\"a\":\"text\"}|2",
        "{{a}}|{\"a\":123}|5",
        "{{a}}|{\"a\":{}}|14",
        "{{a}}|{\"a\":[1,2]}|17",
        "{{#a}}{{/a}}|{\"a\":[1,1,1]}|5",
        "{{#a}}{{x}}{{/a}}|{\"a\":[1,1,1],\"x\":\"\"}|14",
        "{{#a}}{{#a}}{{x}}{{/a}}{{/a}}|{\"a\":[1,1],\"x\":\"\"}|30",
        "{{#a}}{{^b}}{{/b}}{{/a}}|{\"a\":{}}|5",
        "{{#a}}{{$b}}{{/b}}{{/a}}|{\"a\":{}}|3",
        "{{#o}}{{/o}}|{\"o\":{\"k\":[1,2,3,4,5,6]}}|2",
        "{{#a}}{{b.c.d}}{{/a}}|{\"a\":{}}|7",
        "{{#a}}{{b.c.d}}{{/a}}|{\"a\":{},\"b\":{\"c\":{\"d\":\"\"}}}|9",
      })
  void eachTagItemAndLookedAtScopeIsAStep(String template, String parameters, int steps) {
    assertEquals(steps, steps(template == null ? "" : template, parameters));
  }

  @Test
  void longNamesTakeSteps() {
    assertEquals(2 + 2, steps("{{" + NAME_OF_40 + "}}", "{\"" + NAME_OF_40 + "\":\"\"}"));
  }

  @Test
  void tenThousandItemsWithFieldsAreRendered() {
    String items = "{\"name\":\"n\",\"id\":7},".repeat(9_999) + "{}";
    String row = "- {{name}} ({{id}}): {{price}} {{currency}} {{note}}\n";
    String template = "Items:\n{{#items}}\n" + row + "{{/items}}\n";

    assertTrue(steps(template, "{\"currency\":\"EUR\",\"items\":[" + items + "]}") < 300_000);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{{x}}",
        "{{!}}",
        "{{^a}}{{/a}}",
        "{{$a}}{{/a}}",
        "{{=<% %>=}}<%={{ }}=%>",
        "{{o}}"
      })
  void workWithoutTextIsRefused(String tag) {
    String template = "{{#a}}{{#b}}" + tag.repeat(tag.contains("/") ? 490 : 5_000) + "{{/b}}{{/a}}";

    refused(template, "{\"a\":%s,\"b\":%1$s,\"x\":\"\",\"o\":{}}".formatted(list(1_000)));
  }

  @Test
  void sectionsThatMultiplyAreRefused() {
    refused("{{#a}}".repeat(500) + "{{/a}}".repeat(500), "{\"a\":[1,1]}");
  }

  @Test
  void namesThatManyScopesDoNotHaveAreRefused() {
    String inner = "{{zz}}".repeat(30_000);

    refused("{{#o}}".repeat(490) + inner + "{{/o}}".repeat(490), "{\"o\":{\"k\":1}}");
  }

  @ParameterizedTest
  @ValueSource(strings = {"this.", "a.", "a", "@", "0."})
  void longNamesInLoopsAreRefused(String part) {
    String name = part.repeat(100_000 / part.length());

    refused("{{#a}}{{" + name + "}}{{/a}}", "{\"a\":" + list(1_000) + "}");
  }

  @Test
  void jsonInLoopsIsRefused() {
    refused("{{#a}}{{a}}{{/a}}", "{\"a\":" + list(1_000) + "}");
  }

  @Test
  void aRenderingThatTakesTooLongIsTriedLater() {
    Iterator<Long> times =
        LongStream.of(0, Duration.ofSeconds(4).toNanos(), Duration.ofSeconds(6).toNanos())
            .iterator();
    String template = "{{#a}}{{#a}}{{/a}}{{/a}}";
    Rendering rendering = new Rendering(BuiltInValues.of(""), times::next);

    ApiException late =
        assertThrows(
            ApiException.class,
            () ->
                rendering.of(
                    TemplateParser.parse("prompt", template), object("{\"a\":" + list(900) + "}")));

    assertEquals(ErrorCode.UNAVAILABLE, late.code());
    assertTrue(late.headers().containsKey("Retry-After"));
    assertTrue(rendering.steps() < 10_000, () -> "steps: " + rendering.steps());
  }

  @Test
  void anInterruptedThreadRendersNoFurther() {
    Thread.currentThread().interrupt();
    try {
      ApiException stopped =
          assertThrows(
              ApiException.class,
              () -> steps("{{#a}}{{#a}}{{/a}}{{/a}}", "{\"a\":" + list(900) + "}"));

      assertEquals(ErrorCode.UNAVAILABLE, stopped.code());
    } finally {
      assertTrue(Thread.interrupted());
    }
  }

  @Test
  void charactersThatJsonEscapesByNumberCountSixTimes() {
    Prompt prompt = Prompt.parse("prompt", "{{#a}}{{.}}\n{{/a}}");
    ObjectNode parameters = object("{\"a\":[\"\\u0001\",\"one\"]}");

    assertEquals(6 + 1 + 3 + 1, prompt.length(parameters, BuiltInValues.of("")));
    String most = "\u0001".repeat(Rendering.LONGEST / 6);
    assertEquals(most, Prompt.parse("prompt", most).render(object("{}"), BuiltInValues.of("")));
    ApiException refused =
        assertThrows(
            ApiException.class,
            () ->
                Prompt.parse("prompt", most + "\u0001").render(object("{}"), BuiltInValues.of("")));
    assertEquals(ErrorCode.TOO_LARGE, refused.code());
  }

  @Test
  void aLongTextIsNoShortRendering() {
    Prompt prompt = Prompt.parse("prompt", "{{#a}}" + "x".repeat(100) + "{{/a}}");

    assertEquals(
        65_500,
        prompt.renderShort(object("{\"a\":" + list(655) + "}"), BuiltInValues.of("")).length());
    assertThrows(
        LongRenderingException.class,
        () -> prompt.renderShort(object("{\"a\":" + list(656) + "}"), BuiltInValues.of("")));
  }

  private static int steps(String template, String parameters) {
    Rendering rendering = new Rendering(BuiltInValues.of(""), System::nanoTime);
    List<TemplatePart> parts = TemplateParser.parse("prompt", template);
    String _ = rendering.of(parts, object(parameters));
    return rendering.steps();
  }

  private static void refused(String template, String parameters) {
    ApiException refused = assertThrows(ApiException.class, () -> steps(template, parameters));

    assertEquals(ErrorCode.TOO_LARGE, refused.code());
    assertThat(refused.getMessage(), containsString("steps"));
  }

  private static String list(int items) {
    return "[" + "1,".repeat(items - 1) + "1]";
  }

  private static ObjectNode object(String json) {
    try {
      return (ObjectNode) JSON.readTree(json);
    } catch (JsonProcessingException e) {
      throw new IllegalArgumentException(e);
    }
  }
}
