package dev.errand.runs.task.prompt;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.errand.base.error.ApiException;
import dev.errand.base.error.ErrorCode;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class PromptTest {
  private static final ObjectMapper JSON = new ObjectMapper();

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '\0',
      value = {
        "Hi {{name}}.|{\"name\":\"Ann\"}|Hi Ann.",
        "Hi {{ name }}.|{\"name\":\"Ann\"}|Hi Ann.",
        "{{{name}}} {{&name}}|{\"name\":\"<b>\"}|<b> <b>",
        "{{name}}|{\"name\":\"<a href='x'>&amp;\\\"</a>\"}|<a href='x'>&amp;\"</a>",
        "{{a.b}}|{\"a\":{\"b\":\"deep\"}}|deep",
        "{{a.b}}|{\"a.b\":\"flat\"}|flat",
        "{{a.b.c}}|{\"a\":{\"b\":{\"c\":1}}}|1",
        "{{a.1}}|{\"a\":[\"x\",\"y\"]}|y",
        "{{a.1.n}}|{\"a\":[{},{\"n\":\"in\"}]}|in",
        "{{name}}|{\"name\":\"{{ other }}\",\"other\":\"no\"}|{{ other }}",
        "{{name}}|{\"name\":\"{{#x}}{{>p}}\"}|{{#x}}{{>p}}",
        "{{o}}|{\"o\":{\"k\":[1,\"<\"]}}|{\"k\":[1,\"<\"]}",
        "{{l}}|{\"l\":[1,null,\"a\",{\"b\":true}]}|[1,null,\"a\",{\"b\":true}]",
        "[{{n}}]|{\"n\":null}|[]",
        "{{t}} {{f}}|{\"t\":true,\"f\":false}|true false",
        "{{n}}|{\"n\":1.0}|1.0",
        "{{n}}|{\"n\":-0.25}|-0.25",
        "{{n}}|{\"n\":0}|0",
        "{{n}}|{\"n\":123456789012345678901234567890}|123456789012345678901234567890",
        "{{#s}}{{x}}{{/s}}.|{}|.",
        "{{#s}}{{x}}{{/s}}.|{\"s\":{\"x\":1}}|1.",
        "{{#s}}<{{x}}>{{/s}}|{\"s\":true,\"x\":\"up\"}|<up>",
        "{{#s}}<{{.}}>{{/s}}|{\"s\":[1,\"b\",{\"c\":2},[3]]}|<1><b><{\"c\":2}><[3]>",
        "{{#s}}[{{x.y.z}}]{{/s}}|{\"s\":true}|[]",
        "{{#s}}[{{x.y.z}}]{{/s}}|{\"s\":true,\"x\":\"text\"}|[]",
        "{{^s}}none{{/s}}|{}|none",
        "{{^s}}none{{/s}}|{\"s\":[]}|none",
        "{{^s}}none{{/s}}|{\"s\":\"\"}|none",
        "{{^s}}none{{/s}}|{\"s\":null}|none",
        "{{^s}}none{{/s}}|{\"s\":false}|none",
        "{{^s}}none{{/s}}.|{\"s\":\"x\"}|.",
        "{{=<% %>=}}<% name %> {{name}}|{\"name\":\"Ann\"}|Ann {{name}}",
        "{{=<% %>=}}{{ name|{}|{{ name",
        "{ {x} }|{}|{ {x} }",
        "a{{! a remark }}b|{}|ab",
        "{{#l}}{{n}}{{/l}}|{\"l\":[{\"n\":1},{\"n\":2}]}|12",
      })
  void aTemplateIsRenderedAsMustacheSays(String template, String parameters, String expected) {
    assertEquals(expected, render(template, parameters));
  }

  @Test
  void listsWithNullAreWalkedWhole() {
    assertEquals("<1><><2>", render("{{#l}}<{{.}}>{{/l}}", "{\"l\":[1,null,2]}"));
  }

  @Test
  void thePayloadIsAllOfTheParametersOrWhatTheSenderSent() {
    ObjectNode parameters = object("{\"b\":[1, 2],\"a\":\"<\"}");
    Prompt prompt = Prompt.parse("openai.prompt", "{{ @payload }}/{{{@payload}}}/{{a}}");

    assertEquals(List.of(), prompt.missing(object("{\"a\":1}")));
    assertEquals(
        parameters + "/" + parameters + "/<", prompt.render(parameters, parameters.toString()));
    assertEquals("plain {{a}}/plain {{a}}/<", prompt.render(parameters, "plain {{a}}"));
  }

  @Test
  void aParameterNamedLikeThePayloadDoesNotReplaceIt() {
    Prompt prompt = Prompt.parse("openai.prompt", "{{@payload}}");

    assertEquals("real", prompt.render(object("{\"@payload\":\"false\"}"), "real"));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '\0',
      value = {
        "{{b}} {{a}} {{b}}|{}|a,b",
        "{{a}}{{b}}|{\"a\":1}|b",
        "{{a.b}}|{\"a\":{}}|a.b",
        "{{a.b}}|{\"a\":\"text\"}|a.b",
        "{{a.b}}|{\"a\":null}|a.b",
        "{{a.2}}|{\"a\":[1,2]}|a.2",
        "{{a.99999999999}}|{\"a\":[1,2]}|a.99999999999",
        "{{a.x}}|{\"a\":[1,2]}|a.x",
        "{{{raw}}}{{&amp}}|{}|amp,raw",
        "{{x.class}} {{x.bytes}} {{x.length}} {{x.size}}|{\"x\":\"text\"}|"
            + "x.bytes,x.class,x.length,x.size",
      })
  void whatIsNamedAndNotGivenIsListed(String template, String parameters, String missing) {
    assertEquals(
        List.of(missing.split(",", -1)),
        Prompt.parse("openai.prompt", template).missing(object(parameters)));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{{#a}}{{b}}{{/a}}",
        "{{^a}}{{b}}{{/a}}",
        "{{#a}}{{#c}}{{b.d}}{{/c}}{{/a}}",
        "{{@payload}}",
        "no names",
      })
  void namesOfAndInSectionsNeedNotBeGiven(String template) {
    assertEquals(List.of(), Prompt.parse("openai.prompt", template).missing(object("{}")));
  }

  @Test
  void whatSeveralPromptsNameIsListedOnce() {
    assertEquals(
        List.of("a", "b", "c"),
        Prompt.missing(
            List.of(Prompt.parse("p", "{{c}}{{a}}"), Prompt.parse("s", "{{b}}{{a}}")),
            object("{}")));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{{#s}}{{x.class}}{{x.bytes}}{{x.empty}}{{x.isEmpty}}{{/s}}",
        "{{#s}}{{m.class}}{{m.size}}{{m.entrySet}}{{m.json}}{{m.keySet}}{{/s}}",
        "{{#s}}{{l.class}}{{l.size}}{{l.json}}{{l.empty}}{{l.first}}{{/s}}",
        "{{#s}}{{class}}{{hashCode}}{{toString}}{{getClass}}{{/s}}",
        "{{#x}}{{class}}{{bytes}}{{length}}{{toString}}{{/x}}",
        "{{#l}}{{class}}{{json}}{{/l}}",
      })
  void aTemplateReachesNoMethodOfJava(String template) {
    assertEquals("", render(template, "{\"s\":true,\"x\":\"text\",\"m\":{\"k\":1},\"l\":[1]}"));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{{> header }}",
        "{{#s}}{{> header }}{{/s}}",
        "{{^s}}{{#t}}{{> header }}{{/t}}{{/s}}",
        "{{< header }}{{/header}}",
        "{{#s}}{{< header }}{{/header}}{{/s}}",
      })
  void partialsAndParentsAreRefusedByName(String template) {
    ApiException refused =
        assertThrows(ApiException.class, () -> Prompt.parse("openai.prompt", template));

    assertEquals(ErrorCode.INVALID_INPUT, refused.code());
    assertTrue(refused.errors().getFirst().message().contains("header"), refused.getMessage());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{{ name",
        "{{#s}}never closed",
        "{{/s}}",
        "{{#a}}{{/b}}",
        "{{}}",
        "{{.}}",
        "{{this}}",
        "{{=<%}}",
        "{{{a}}",
      })
  void whatIsNoTemplateIsRefusedWithTheNameOfItsField(String template) {
    ApiException refused =
        assertThrows(ApiException.class, () -> Prompt.parse("openai.system", template));

    assertEquals(ErrorCode.INVALID_INPUT, refused.code());
    assertEquals("openai.system", refused.errors().getFirst().field());
  }

  @ParameterizedTest
  @ValueSource(strings = {"{{a.}}", "{{.a}}", "{{a..b}}", "{{a b}}", "{{ä.ö}}"})
  void oddNamesAreNamesLikeAnyOther(String template) {
    Prompt prompt = Prompt.parse("openai.prompt", template);
    String name = template.substring(2, template.length() - 2);

    assertEquals(List.of(name), prompt.missing(object("{}")));
    ObjectNode given = JSON.createObjectNode().put(name, "v");
    assertEquals(List.of(), prompt.missing(given));
    assertEquals("v", prompt.render(given, "{}"));
  }

  @Test
  void aHugeTemplateIsRendered() {
    String template = "{{a}} and text, ".repeat(15_000);

    assertEquals("1 and text, ".repeat(15_000), render(template, "{\"a\":1}"));
  }

  @Test
  void sectionsNestedWithoutEndAreRefused() {
    String template = "{{#a}}".repeat(20_000) + "{{/a}}".repeat(20_000);

    ApiException refused =
        assertThrows(ApiException.class, () -> Prompt.parse("openai.prompt", template));
    assertEquals("openai.prompt", refused.errors().getFirst().field());
  }

  @Test
  void aPromptThatGrowsBeyondBoundsIsRefused() {
    String payload = "x".repeat(200_000);
    Prompt many = Prompt.parse("openai.prompt", "{{@payload}}".repeat(20_000));
    Prompt loops = Prompt.parse("openai.prompt", "{{#l}}{{#l}}{{#l}}long{{/l}}{{/l}}{{/l}}");
    ObjectNode list = JSON.createObjectNode();
    for (int i = 0; i < 50_000; i++) {
      list.withArray("l").add(1);
    }

    assertEquals(
        ErrorCode.TOO_LARGE,
        assertThrows(ApiException.class, () -> many.render(JSON.createObjectNode(), payload))
            .code());
    assertEquals(
        ErrorCode.TOO_LARGE,
        assertThrows(ApiException.class, () -> loops.render(list, "{}")).code());
  }

  @Test
  void oneTemplateTakesParametersOfDifferingShapesInTurn() {
    Prompt prompt = Prompt.parse("openai.prompt", "{{#x}}<{{y}}{{.}}>{{/x}}{{^x}}-{{/x}}{{x}}");

    for (int round = 0; round < 3; round++) {
      assertEquals("<t>t", prompt.render(object("{\"x\":\"t\"}"), ""));
      assertEquals("<1{\"y\":1}>{\"y\":1}", prompt.render(object("{\"x\":{\"y\":1}}"), ""));
      assertEquals("<a><b>[\"a\",\"b\"]", prompt.render(object("{\"x\":[\"a\",\"b\"]}"), ""));
      assertEquals("<2{\"y\":2}>[{\"y\":2}]", prompt.render(object("{\"x\":[{\"y\":2}]}"), ""));
      assertEquals("-", prompt.render(object("{\"x\":null}"), ""));
      assertEquals("-false", prompt.render(object("{\"x\":false}"), ""));
    }
  }

  @Test
  void manyThreadsMayRenderOneTemplate() throws Exception {
    Prompt prompt = Prompt.parse("openai.prompt", "{{x}}{{#x}}{{y}}{{/x}}{{a.b}}");
    try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      List<Future<String>> texts = new ArrayList<>();
      for (int i = 0; i < 500; i++) {
        String number = String.valueOf(i);
        String parameters =
            switch (i % 3) {
              case 0 -> "{\"x\":\"\",\"a\":{\"b\":" + number + "}}";
              case 1 -> "{\"x\":[],\"a\":[],\"a.b\":" + number + "}";
              default -> "{\"x\":{\"y\":1},\"a\":{\"b\":\"" + number + "\"}}";
            };
        texts.add(threads.submit(() -> prompt.render(object(parameters), "")));
      }
      for (int i = 0; i < texts.size(); i++) {
        String before =
            switch (i % 3) {
              case 0 -> "";
              case 1 -> "[]";
              default -> "{\"y\":1}1";
            };
        assertEquals(before + i, texts.get(i).get());
      }
    }
  }

  private static String render(String template, String parameters) {
    ObjectNode object = object(parameters);
    return Prompt.parse("openai.prompt", template).render(object, object.toString());
  }

  private static ObjectNode object(String json) {
    try {
      return (ObjectNode) JSON.readTree(json);
    } catch (JsonProcessingException e) {
      throw new IllegalArgumentException(e);
    }
  }
}
