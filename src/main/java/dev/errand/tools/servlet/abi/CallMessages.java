package dev.errand.tools.servlet.abi;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.errand.base.error.SpellingSuggestion;
import dev.errand.base.json.WellFormed;
import dev.errand.base.limit.AnswerMemory;
import dev.errand.base.limit.BudgetExhaustedException;
import dev.errand.base.limit.ByteBudget;
import dev.errand.base.limit.JsonWeight;
import dev.errand.tools.port.ContentParser;
import dev.errand.tools.port.ToolLog;
import dev.errand.tools.port.ToolResult;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** The JSON of a servlet's call: what it gets of a tool call, and the result of what it answers. */
public final class CallMessages {
  private static final int WARNING = 40;
  private static final int MOST_KEYS = 50;
  private static final List<String> READ = List.of("content", "structuredContent", "isError");

  /** Keys of a result in the Model Context Protocol, which allows any other, too. */
  private static final Set<String> KNOWN =
      Set.of("content", "structuredContent", "isError", "_meta", "resultType");

  private static final Duration PATIENCE = Duration.ofSeconds(10);

  private final JsonMapper json;
  private final ByteBudget budget;

  /**
   * Converts with memory of a budget.
   *
   * @param budget the memory in which answers are parsed
   */
  public CallMessages(JsonMapper json, ByteBudget budget) {
    this.json = json;
    this.budget = budget;
  }

  /** The input of a servlet call. */
  public byte[] input(String tool, ObjectNode arguments) {
    var call = json.createObjectNode().put("method", "tools/call");
    call.putObject("params").put("name", tool).set("arguments", arguments);
    return WellFormed.bytes(call.toString());
  }

  /**
   * The result for the model of a call that returned an answer. It waits for the memory in which
   * that is parsed, but not for long.
   *
   * @param log receives warnings of what the answer has in vain
   */
  public ToolResult result(Ending.Returned returned, ToolLog log) throws InterruptedException {
    if (returned.output().length == 0) {
      return ToolResult.error("The tool returned no answer.");
    }
    try (AnswerMemory memory = new AnswerMemory(budget, AnswerMemory.Peer.SERVLET)) {
      memory.hold(0, returned.output().length, JsonWeight.of(returned.output()), PATIENCE);
      return parsed(returned, log);
    } catch (BudgetExhaustedException e) {
      return ToolResult.error("The tool's answer was not read. " + e.getMessage() + ".");
    }
  }

  private ToolResult parsed(Ending.Returned returned, ToolLog log) {
    var text = ServletJson.text(returned.output());
    JsonNode answer;
    try (var parser = json.createParser(text)) {
      answer = json.readTree(parser);
      // The call has been made: its answer is worth more than the fault after it.
      if (goesOn(parser)) {
        log.line(WARNING, "The tool's answer goes on after its JSON; the rest is ignored.");
      }
    } catch (IOException e) {
      return ToolResult.error("The tool's answer is not JSON: " + start(text));
    }
    if (!(answer instanceof ObjectNode object)) {
      return ToolResult.error("The tool's answer has no content: " + start(text));
    }
    misspelt(object)
        .ifPresent(
            key ->
                log.line(
                    WARNING,
                    "The tool's answer has the key \"%s\", which is ignored; did you mean \"%s\"?"
                        .formatted(key, SpellingSuggestion.of(key, READ).orElse(""))));
    return ContentParser.parse(object)
        .orElseGet(() -> ToolResult.error("The tool's answer has no content: " + start(text)));
  }

  private static boolean goesOn(JsonParser parser) {
    try {
      return parser.nextToken() != null;
    } catch (IOException e) {
      return true;
    }
  }

  /** A key that was probably meant as another one, which is not there. */
  private static Optional<String> misspelt(ObjectNode answer) {
    return answer.properties().stream()
        .map(Map.Entry::getKey)
        .limit(MOST_KEYS)
        .filter(key -> !KNOWN.contains(key))
        .filter(
            key -> SpellingSuggestion.of(key, READ).filter(meant -> !answer.has(meant)).isPresent())
        .findFirst();
  }

  private static String start(String text) {
    return WellFormed.cut(text, 200);
  }
}
