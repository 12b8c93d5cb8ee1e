package dev.errand.adapters.mcp;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.errand.base.json.Json;
import dev.errand.tools.port.Content;
import dev.errand.tools.port.ToolCall;
import dev.errand.tools.port.ToolResult;
import dev.errand.tools.port.ToolSource;
import dev.errand.tools.port.ToolSpec;
import dev.errand.tools.port.ToolUser;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.List;
import java.util.stream.Stream;

/** The tools that the conformance suite calls, under the names that an installation gives them. */
@ApplicationScoped
public class ConformanceTools implements ToolSource {
  /** What is to be published and installed as {@code test}. */
  static final String SLUG = "admin/conformance";

  private static final String PIXEL =
      "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mP8z8BQDwAEhQGAhKmMIQAAAABJRU5ErkJggg==";

  private static final String SILENCE =
      "UklGRiQAAABXQVZFZm10IBAAAAABAAEAQB8AAEAfAAABAAgAZGF0YQAAAAA=";

  private final Json json;

  ConformanceTools(Json json) {
    this.json = json;
  }

  @Override
  public boolean offers(String slug) {
    return slug.equals(SLUG);
  }

  @Override
  public List<ToolSpec> tools(String address) {
    ObjectNode schema = json.object().put("type", "object");
    return Stream.of(
            "simple_text",
            "greet",
            "image_content",
            "error_handling",
            "tool_with_progress",
            "multiple_content_types",
            "audio_content",
            "embedded_resource")
        .map(name -> new ToolSpec(name, "Is for a test", schema))
        .toList();
  }

  @Override
  public Session open(ToolUser user) {
    return (tool, call) -> answer(tool.name(), call);
  }

  private Content sound() {
    ObjectNode audio = json.object().put("type", "audio").put("mimeType", "audio/wav");
    return new Content.Described("A sound", audio.put("data", SILENCE));
  }

  private Content resource(String uri, String mimeType, String text) {
    ObjectNode part = json.object().put("type", "resource");
    part.putObject("resource").put("uri", uri).put("mimeType", mimeType).put("text", text);
    return new Content.Described(text, part);
  }

  private ToolResult answer(String tool, ToolCall call) {
    return switch (tool) {
      case "simple_text" -> ToolResult.text("This is a simple text response for testing.");
      case "greet" -> ToolResult.text("Hello, " + call.arguments().path("name").asText() + "!");
      case "image_content" -> new ToolResult(List.of(new Content.Image(PIXEL, "image/png")), false);
      case "error_handling" ->
          ToolResult.error("This tool intentionally returns an error for testing");
      case "tool_with_progress" -> {
        for (int i = 0; i < 3; i++) {
          call.log().line(30, "Step " + i);
        }
        yield ToolResult.text("Done.");
      }
      case "audio_content" -> new ToolResult(List.of(sound()), false);
      case "embedded_resource" ->
          new ToolResult(
              List.of(
                  resource(
                      "test://embedded-resource",
                      "text/plain",
                      "This is an embedded resource content.")),
              false);
      default ->
          new ToolResult(
              List.of(
                  new Content.Text("Multiple content types test:"),
                  new Content.Image(PIXEL, "image/png"),
                  resource(
                      "test://mixed-content-resource",
                      "application/json",
                      "{\"test\": \"data\", \"value\": 123}")),
              false);
    };
  }
}
