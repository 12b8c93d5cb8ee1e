package dev.errand.runs.prompt;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** What somebody has to give to render prompts. */
class PromptParametersTest {

  private static PromptParameters of(String... prompts) {
    return Prompt.parameters(
        Arrays.stream(prompts).map(prompt -> Prompt.parse("prompt", prompt)).toList());
  }

  @Test
  void plainNamesAreTextsThatMustBeGiven() {
    PromptParameters found = of("Read {{ url }} for {{ reader }}.", "You are {{ reader }}.");
    assertEquals(Set.of("reader", "url"), found.texts());
    assertEquals(Set.of(), found.objects());
    assertEquals(Set.of(), found.optional());
    assertFalse(found.takesOthers());
  }

  @Test
  void aNameOfWhichPartsAreUsedIsAnObject() {
    PromptParameters found = of("{{ customer.name }} of {{ customer }} in {{ city }}");
    assertEquals(Set.of("city"), found.texts());
    assertEquals(Set.of("customer"), found.objects());
  }

  @Test
  void namesOfAndInSectionsAreOptional() {
    PromptParameters found = of("{{ a }}{{#b}}{{ c }}{{ a }}{{.}}{{/b}}{{^d.e}}no{{/d.e}}");
    assertEquals(Set.of("a"), found.texts());
    assertEquals(Set.of("b", "c", "d"), found.optional());
    assertTrue(found.takesOthers());
  }

  @Test
  void aNameThatIsAlsoASectionMustBeGivenAndIsNoPlainText() {
    PromptParameters found = of("{{ a }}{{#a}}!{{/a}}");
    assertEquals(Set.of(), found.texts());
    assertEquals(Set.of("a"), found.objects());
    assertEquals(Set.of(), found.optional());
  }

  @Test
  void builtInValuesAreNotParameters() {
    assertEquals(Set.of(), of("{{ @now }} {{ @previous.output }}").texts());
    assertFalse(of("{{ @now }}").takesOthers());
    assertTrue(of("{{ @payload }}").takesOthers());
  }

  @Test
  void valuesOfThePreviousRunAreNotParameters() {
    PromptParameters found =
        of(
            "{{#@previous}}{{ finished_at }} {{ url }} {{#result}}{{ city.name }}{{/result}}"
                + "{{^truncated}}{{ output }}{{/truncated}}{{/@previous}}{{^@previous}}{{ run }}"
                + "{{/@previous}}");
    assertEquals(Set.of(), found.texts());
    assertEquals(Set.of("run", "url"), found.optional());
    assertFalse(found.takesOthers());
    assertTrue(of("{{#@previous.result}}{{ city }}{{/@previous.result}}").takesOthers());
    assertEquals(
        Set.of("b", "c"),
        of("{{#@previous}}{{#b}}{{ c }}{{ output }}{{/b}}{{/@previous}}").optional());
  }

  @Test
  void headerFieldsOfTheDeliveryAreNotParameters() {
    PromptParameters found =
        of(
            "{{#@headers}}{{ x-github-event }}{{#x-github-hook-id}}{{ url }}"
                + "{{/x-github-hook-id}}{{/@headers}}{{^@headers}}{{ day }}{{/@headers}}");
    assertEquals(Set.of(), found.texts());
    assertEquals(Set.of("day", "url"), found.optional());
    // What the delivery lacks is looked for in the parameters.
    assertTrue(found.takesOthers());
  }
}
