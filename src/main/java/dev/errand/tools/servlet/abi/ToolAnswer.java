package dev.errand.tools.servlet.abi;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.errand.base.json.WellFormed;
import dev.errand.tools.tool.Content;
import dev.errand.tools.tool.ToolResult;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/** Converts tool calls to the JSON that servlets expect, and their JSON answers to tool results. */
public final class ToolAnswer {
  private final JsonMapper json;

  public ToolAnswer(JsonMapper json) {
    this.json = json;
  }

  /** The input of a servlet call. */
  public byte[] input(String tool, ObjectNode arguments) {
    var call = json.createObjectNode().put("method", "tools/call");
    call.putObject("params").put("name", tool).set("arguments", arguments);
    return WellFormed.bytes(call.toString());
  }

  /** The result for the model of a call that returned an answer. */
  public ToolResult of(Ending.Returned returned) {
    if (returned.output().length == 0) {
      return ToolResult.error("The tool returned no answer.");
    }
    var text = new String(returned.output(), StandardCharsets.UTF_8);
    JsonNode answer;
    try {
      answer = json.readTree(text);
    } catch (JsonProcessingException e) {
      return ToolResult.error("The tool's answer is not JSON: " + start(text));
    }
    if (!answer.isObject() || !answer.path("content").isArray()) {
      return ToolResult.error("The tool's answer has no content: " + start(text));
    }
    var content = new ArrayList<Content>();
    answer.path("content").forEach(part -> content.add(part(part)));
    return new ToolResult(List.copyOf(content), answer.path("isError").asBoolean(false));
  }

  private static Content part(JsonNode part) {
    var type = part.path("type").asText("");
    if (type.equals("text") || (type.isEmpty() && part.path("text").isTextual())) {
      return text(part.path("text").asText(""));
    }
    if (type.equals("image") && part.path("data").isTextual()) {
      return new Content.Image(
          WellFormed.text(part.path("data").asText()),
          WellFormed.text(part.path("mimeType").asText("application/octet-stream")));
    }
    var embedded = part.path("resource").path("text");
    if (type.equals("resource") && embedded.isTextual()) {
      return Content.described(embedded.asText(), part);
    }
    return Content.described(
        "[The tool also returned content of the type \"%s\", which can't be shown.]"
            .formatted(start(type)),
        part);
  }

  private static Content text(String text) {
    return new Content.Text(WellFormed.text(text));
  }

  private static String start(String text) {
    return WellFormed.cut(text, 200);
  }
}
