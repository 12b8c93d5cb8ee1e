package dev.errand.models.loop;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import dev.errand.models.message.Message;
import dev.errand.models.port.RunWarning;
import dev.errand.models.port.WarningCode;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class FailedToolsTest {

  // A line has the calls of each message of the model: a tool that failed ends with "!".
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "''|",
        "a|",
        "a b|",
        "a!, a|",
        "a! b|",
        "a!|The only tool call, of a, failed.",
        "a! b!|All 2 tool calls, of a, b, failed.",
        "a!, a!, b!|All 3 tool calls, of a, b, failed.",
        "a, b!|The last tool call, of b, failed; in all, 1 of 2 did.",
        "a b!|The last tool call, of b, failed; in all, 1 of 2 did.",
        "a!, b, a c!|The last tool call, of c, failed; in all, 2 of 4 did.",
      })
  void itSaysWhichToolAndHowMany(String steps, String sentence) {
    List<RunWarning> warnings = FailedTools.warning(conversation(steps, false)).stream().toList();

    assertEquals(sentence == null ? 0 : 1, warnings.size(), warnings::toString);
    for (RunWarning warning : warnings) {
      assertEquals(WarningCode.TOOLS_FAILED, ((RunWarning.Noted) warning).code());
      assertTrue(warning.sentence().startsWith(sentence + " The model ended"), warning::sentence);
    }
    assertEquals(warnings, FailedTools.warning(conversation(steps, true)).stream().toList());
  }

  @Test
  void longAndManyNamesAreCut() {
    String many =
        IntStream.range(0, 9)
            .mapToObj(i -> i + "x".repeat(1000) + "!")
            .reduce((a, b) -> a + " " + b)
            .orElseThrow();
    String sentence = FailedTools.warning(conversation(many, false)).orElseThrow().sentence();

    assertTrue(sentence.contains("…, 1xxx"), sentence);
    assertTrue(sentence.contains("… and others, failed."), sentence);
    assertTrue(sentence.length() < 600, sentence);
  }

  /**
   * A conversation.
   *
   * @param reversed whether the tools of a message end in the other order
   */
  private static List<Message> conversation(String steps, boolean reversed) {
    List<Message> messages = new ArrayList<>(List.of(new Message.User("Go.")));
    for (String step : steps.isBlank() ? new String[0] : steps.split(", ", -1)) {
      List<Message.ToolCall> calls = new ArrayList<>();
      List<Message> results = new ArrayList<>();
      for (String tool : step.split(" ", -1)) {
        // Some servers begin anew with the ids in each message.
        String id = "c" + calls.size();
        calls.add(
            new Message.ToolCall(id, tool.replace("!", ""), JsonNodeFactory.instance.objectNode()));
        results.add(new Message.ToolResult(id, "", tool.endsWith("!"), List.of()));
      }
      messages.add(new Message.Assistant("", calls, null, null, null));
      messages.addAll(reversed ? results.reversed() : results);
    }
    messages.add(new Message.Assistant("Done.", List.of(), null, null, null));
    return messages;
  }
}
