package dev.errand.runs.prompt;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.errand.base.error.ApiException;
import dev.errand.base.error.ErrorCode;
import java.time.Instant;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class PromptTest {
  private static final ObjectMapper JSON = new ObjectMapper();

  @Test
  void moreNamesThanListsCanShowAreRefused() {
    Prompt.check("prompt", names(1000));
    ApiException refused =
        assertThrows(ApiException.class, () -> Prompt.check("prompt", names(1001)));
    assertEquals(ErrorCode.INVALID_INPUT, refused.code());
    // One that an earlier version accepted takes parameters that are not listed.
    PromptParameters parameters = Prompt.parameters(List.of(Prompt.parse("prompt", names(50_000))));
    assertEquals(new PromptParameters(Set.of(), Set.of(), Set.of(), true), parameters);
  }

  private static String names(int number) {
    return IntStream.range(0, number)
        .mapToObj(name -> "{{n" + name + "}}")
        .collect(Collectors.joining());
  }

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
        "{{#l}}{{-index}}{{^-last}}, {{/-last}}{{/l}}|{\"l\":[7,8]}|1, 2",
        "{{$b}}<{{n}}>{{/b}}|{\"n\":1}|<1>",
        "{{#s}}[{{..}}{{...}}]{{/s}}|{\"s\":true}|[]",
        "{{#l}}[{{#}}{{/}}]{{/l}}|{\"l\":[[1]]}|[]",
        "{{#s}}{{.}}{{/s}}|{\"s\":true}|{\"s\":true}",
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
        parameters + "/" + parameters + "/<",
        prompt.render(parameters, payload(parameters.toString())));
    assertEquals("plain {{a}}/plain {{a}}/<", prompt.render(parameters, payload("plain {{a}}")));
  }

  @Test
  void aParameterNamedLikeThePayloadDoesNotReplaceIt() {
    Prompt prompt = Prompt.parse("openai.prompt", "{{@payload}}");

    assertEquals("real", prompt.render(object("{\"@payload\":\"false\"}"), payload("real")));
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
  void missingParametersAreListed(String template, String parameters, String missing) {
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
  void namesInSeveralPromptsAreListedOnce() {
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
        "{{$b}}{{> header }}{{/b}}",
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
  void invalidTemplatesAreRefusedByField(String template) {
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
    assertEquals("v", prompt.render(given, payload("{}")));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '\0',
      value = {
        "{{ @run }} of {{@task}}|daily@2026-11-26T08:00:00Z of news",
        "{{ @now }}|2026-11-26T09:00:01+01:00",
        "{{ @scheduled_for }}|2026-11-26T09:00:00+01:00",
        "{{ @previous.output }}|Rain <b>",
        "{{ @previous.run }}|daily@2026-11-25T08:00:00Z",
        "{{ @previous.finished_at }}|2026-11-25T09:00:07+01:00",
        "{{ @previous.truncated }}|false",
        "{{#@previous}}<{{output}}> <{{run}}>{{/@previous}}|<Rain <b>> <daily@2026-11-25T08:00:00Z>",
        "{{#@previous}}<{{@previous.output}}>{{/@previous}}|<Rain <b>>",
        "{{^@previous}}the first{{/@previous}}.|.",
        "{{#@previous.truncated}}cut{{/@previous.truncated}}.|.",
        "{{#@scheduled_for}}by schedule{{/@scheduled_for}}|by schedule",
        "{{#@headers}}{{ x-github-event }}{{/@headers}}{{^@headers}}none{{/@headers}}|push",
        "{{ @headers }} {{ @headers.x-github-event }}|{\"x-github-event\":\"push\"} push",
        "{{#l}}{{@now}} {{/l}}|2026-11-26T09:00:01+01:00 2026-11-26T09:00:01+01:00 ",
        "{{=<% %>=}}<% @previous.output %>|Rain <b>",
        "{{ @previous }}|{\"output\":\"Rain <b>\",\"finished_at\":\"2026-11-25T09:00:07+01:00\","
            + "\"run\":\"daily@2026-11-25T08:00:00Z\",\"truncated\":false}",
      })
  void namesWithAtStandForWhatErrandKnowsOfTheRun(String template, String expected) {
    Prompt prompt = Prompt.parse("openai.prompt", template);

    assertEquals(List.of(), prompt.missing(object("{}")));
    assertEquals(expected.strip(), prompt.render(object("{\"l\":[1,{}]}"), values(true)).strip());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '\0',
      value = {
        "[{{ @previous.output }}{{ @previous.run }}{{ @previous.finished_at }}]|[]",
        "[{{ @previous }}{{ @scheduled_for }}{{ @now }}]|[]",
        "[{{#@previous}}Before: {{ output }}{{/@previous}}]|[]",
        "[{{^@previous}}the first{{/@previous}}]|[the first]",
        "[{{#@scheduled_for}}by schedule{{/@scheduled_for}}]|[]",
        "[{{ @headers }}{{ @headers.x-github-event }}]|[]",
        "[{{#@headers}}by a webhook{{/@headers}}{{^@headers}}by hand{{/@headers}}]|[by hand]",
      })
  void valuesThatDoNotExistYetAreEmpty(String template, String expected) {
    Prompt prompt = Prompt.parse("openai.prompt", template);

    assertEquals(List.of(), prompt.missing(object("{}")));
    assertEquals(expected, prompt.render(object("{}"), values(false)));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{{@run}} {{@previous.output}}",
        "{{#@previous}}{{@run}} {{output}}{{/@previous}}",
        "{{#s}}{{@run}} {{@previous.output}}{{/s}}",
        "{{#l}}{{@run}} {{@previous.output}}{{/l}}",
        "{{#l}}{{#@previous}}{{@run}} {{output}}{{/@previous}}{{/l}}",
      })
  void noParameterStandsInForWhatErrandSays(String template) {
    String fake =
        "\"@run\":\"fake\",\"@previous.output\":\"fake\","
            + "\"@previous\":{\"output\":\"fake\",\"@run\":\"fake\"}";
    ObjectNode parameters = object("{%1$s,\"s\":{%1$s},\"l\":[{%1$s}]}".formatted(fake));

    assertEquals(
        "daily@2026-11-26T08:00:00Z Rain <b>",
        Prompt.parse("openai.prompt", template).render(parameters, values(true)));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{{ @yesterday }}",
        "{{{@previous.ouput}}}",
        "{{#s}}{{^t}}{{ @nov }}{{/t}}{{/s}}",
        "{{#@previuos}}x{{/@previuos}}",
        "{{^@previuos}}x{{/@previuos}}",
        "{{ @now.year }}",
        "{{ @ }}",
      })
  void anUnknownNameWithAtIsRefusedWithTheKnownOnes(String template) {
    ApiException refused =
        assertThrows(ApiException.class, () -> Prompt.check("openai.prompt", template));

    assertEquals("openai.prompt", refused.errors().getFirst().field());
    assertTrue(
        refused
            .errors()
            .getFirst()
            .message()
            .contains("@previous.output, @previous.result, @previous.finished_at"),
        refused.getMessage());
  }

  @ParameterizedTest
  @CsvSource({
    "{{ @previous.ouput }},did you mean {{ @previous.output }}?",
    "{{ @previuos }},did you mean {{ @previous }}?",
    "{{ @scheduledFor }},did you mean {{ @scheduled_for }}?",
    "{{ @type }},named by its path: {{ event.@type }}",
  })
  void anUnknownNameWithAtIsRefusedWithWhatWasMeant(String template, String advice) {
    ApiException refused =
        assertThrows(ApiException.class, () -> Prompt.check("openai.prompt", template));

    assertTrue(refused.errors().getFirst().message().endsWith(advice), refused.getMessage());
  }

  @Test
  void oldTasksWithAnAtParameterContinueToWork() {
    Prompt prompt = Prompt.parse("openai.prompt", "{{ @type }} {{ event.@type }}");

    assertEquals(List.of("@type", "event.@type"), prompt.missing(object("{}")));
    assertEquals(
        "a b", prompt.render(object("{\"@type\":\"a\",\"event\":{\"@type\":\"b\"}}"), payload("")));
    Prompt.check("openai.prompt", "{{ event.@type }} {{ @payload }}");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '\0',
      value = {
        "a¶{{#s}}¶b¶{{/s}}¶c|a¶b¶c",
        "a¶  {{#s}}  ¶  b¶  {{/s}}  ¶c|a¶  b¶c",
        "{{! first }}¶a|a",
        "a¶{{! last }}|a¶",
        "a {{! within }}¶b|a ¶b",
        "a¶{{=<% %>=}}¶<% s %>|a¶true",
        "a¶{{#s}}¶{{/s}}¶b|a¶b",
        "a¶{{! one }}¶{{! two }}¶b|a¶b",
        "a¶{{^s}}¶x¶{{/s}}¶b|a¶b",
        "a¶{{s}}¶b|a¶true¶b",
      })
  void tagsAloneOnTheirLineLeaveNoLine(String template, String expected) {
    for (String lineEnd : List.of("\n", "\r\n")) {
      assertEquals(
          expected.replace("¶", lineEnd), render(template.replace("¶", lineEnd), "{\"s\":true}"));
    }
  }

  @Test
  void aLongOutputIsCutWithAMark() {
    PreviousRun whole = PreviousRun.of("r", Instant.EPOCH, "all of it", 9, null);
    PreviousRun cut = PreviousRun.of("r", Instant.EPOCH, "start", 70_000, null);

    assertEquals("all of it", whole.output());
    assertEquals("start\n[cut: 65536 of 70000 characters]", cut.output());
    assertTrue(cut.truncated());
  }

  private static BuiltInValues values(boolean scheduled) {
    return scheduled
        ? new BuiltInValues(
            "{}",
            Map.of("x-github-event", "push"),
            "news",
            "daily@2026-11-26T08:00:00Z",
            ZoneId.of("Europe/Berlin"),
            Instant.parse("2026-11-26T08:00:01.500Z"),
            Instant.parse("2026-11-26T08:00:00Z"),
            PreviousRun.of(
                "daily@2026-11-25T08:00:00Z",
                Instant.parse("2026-11-25T08:00:07.250Z"),
                "Rain <b>",
                8,
                null))
        : BuiltInValues.of("{}");
  }

  @Test
  void aHugeTemplateIsRendered() {
    String template = "{{a}} and text, ".repeat(15_000);

    assertEquals("1 and text, ".repeat(15_000), render(template, "{\"a\":1}"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"#", "^", "$"})
  void sectionsNestedWithoutEndAreRefused(String kind) {
    String template = ("{{" + kind + "a}}").repeat(20_000) + "{{/a}}".repeat(20_000);

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
        assertThrows(
                ApiException.class, () -> many.render(JSON.createObjectNode(), payload(payload)))
            .code());
    assertEquals(
        ErrorCode.TOO_LARGE,
        assertThrows(ApiException.class, () -> loops.render(list, payload("{}"))).code());
  }

  @Test
  void aTemplateTakesParametersOfDifferentShapes() {
    Prompt prompt = Prompt.parse("openai.prompt", "{{#x}}<{{y}}{{.}}>{{/x}}{{^x}}-{{/x}}{{x}}");

    for (int round = 0; round < 3; round++) {
      assertEquals("<t>t", prompt.render(object("{\"x\":\"t\"}"), payload("")));
      assertEquals(
          "<1{\"y\":1}>{\"y\":1}", prompt.render(object("{\"x\":{\"y\":1}}"), payload("")));
      assertEquals(
          "<a><b>[\"a\",\"b\"]", prompt.render(object("{\"x\":[\"a\",\"b\"]}"), payload("")));
      assertEquals(
          "<2{\"y\":2}>[{\"y\":2}]", prompt.render(object("{\"x\":[{\"y\":2}]}"), payload("")));
      assertEquals("-", prompt.render(object("{\"x\":null}"), payload("")));
      assertEquals("-false", prompt.render(object("{\"x\":false}"), payload("")));
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
        texts.add(threads.submit(() -> prompt.render(object(parameters), payload(""))));
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
    return Prompt.parse("openai.prompt", template).render(object, payload(object.toString()));
  }

  private static BuiltInValues payload(String text) {
    return BuiltInValues.of(text);
  }

  private static ObjectNode object(String json) {
    try {
      return (ObjectNode) JSON.readTree(json);
    } catch (JsonProcessingException e) {
      throw new IllegalArgumentException(e);
    }
  }
}
