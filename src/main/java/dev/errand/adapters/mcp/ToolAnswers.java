package dev.errand.adapters.mcp;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.errand.base.json.Json;
import dev.errand.tools.port.Content;
import dev.errand.tools.port.ToolResult;
import jakarta.enterprise.context.ApplicationScoped;

/** Builds the results of {@code tools/call}. */
@ApplicationScoped
public class ToolAnswers {
  private final Json json;

  ToolAnswers(Json json) {
    this.json = json;
  }

  /** A failure that the model can read and act on. */
  public ObjectNode error(String sentence) {
    return of(ToolResult.error(sentence), Revision.STATELESS);
  }

  /**
   * The answer of an installed tool.
   *
   * @param revision the revision of the client, which gets texts instead of newer kinds of content
   */
  ObjectNode of(ToolResult result, Revision revision) {
    ObjectNode answer = json.object();
    ArrayNode content = answer.putArray("content");
    for (Content part : result.content()) {
      switch (part) {
        case Content.Text(var text) -> content.addObject().put("type", "text").put("text", text);
        case Content.Image(var data, var mimeType) ->
            content.addObject().put("type", "image").put("data", data).put("mimeType", mimeType);
        case Content.Described(var text, var original) -> {
          if (revision.hasContent(original.path("type").asText())) {
            content.add(original);
          } else {
            content.addObject().put("type", "text").put("text", text);
          }
        }
      }
    }
    JsonNode structured = result.structured();
    if (structured != null && revision.hasStructured(structured)) {
      answer.set("structuredContent", structured);
    }
    return answer.put("isError", result.isError());
  }

  /**
   * A result for programs, with a text for models.
   *
   * @param text the text, which may be the result as JSON
   * @param structured the result, which fits the output schema of the tool
   */
  ObjectNode structured(String text, JsonNode structured, boolean isError) {
    ObjectNode answer = json.object();
    answer.putArray("content").addObject().put("type", "text").put("text", text);
    answer.set("structuredContent", structured);
    return answer.put("isError", isError);
  }

  /** A result for programs, with its JSON as the text. */
  ObjectNode structured(JsonNode structured) {
    return structured(json.write(structured), structured, false);
  }
}
