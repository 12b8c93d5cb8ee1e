package dev.errand.tools.mcp;

import com.fasterxml.jackson.databind.JsonNode;
import dev.errand.base.json.WellFormed;
import dev.errand.tools.port.ContentParser;
import dev.errand.tools.port.ToolResult;
import java.util.TreeSet;

/** Converts the answer of a remote tool to a result for the model. */
final class ResultContent {
  private static final int MOST_OF_A_WORD = 200;

  private ResultContent() {}

  static ToolResult of(JsonNode result) {
    String type = result.path("resultType").asText("complete");
    if (type.equals("input_required")) {
      return ToolResult.error(
          "The tool needs input%s that Errand can't provide, and did not finish."
              .formatted(asked(result.path("inputRequests"))));
    }
    if (!type.equals("complete")) {
      return ToolResult.error(
          "The tool returned a result of the type \"%s\", which Errand can't read."
              .formatted(word(type)));
    }
    return ContentParser.parse(result)
        .map(content -> new ToolResult(content, result.path("isError").asBoolean(false)))
        .orElseGet(() -> ToolResult.error("The tool's answer has no content."));
  }

  private static String asked(JsonNode requests) {
    TreeSet<String> methods = new TreeSet<>();
    requests.forEach(request -> methods.add(word(request.path("method").asText(""))));
    methods.remove("");
    return methods.isEmpty() ? "" : " (" + String.join(", ", methods) + ")";
  }

  private static String word(String text) {
    return WellFormed.cut(text, MOST_OF_A_WORD);
  }
}
