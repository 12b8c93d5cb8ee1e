package dev.errand.tools.port;

import com.fasterxml.jackson.databind.JsonNode;
import dev.errand.base.json.WellFormed;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Parses a tool's result as the Model Context Protocol writes it. */
public final class ContentParser {
  private static final int MOST_OF_A_WORD = 200;

  private ContentParser() {}

  /**
   * A result with its parts. Its structured content also becomes a text where it has no other.
   *
   * @return empty where it has neither content nor structured content
   */
  public static Optional<ToolResult> parse(JsonNode result) {
    JsonNode structured = result.path("structuredContent");
    boolean hasStructured = !structured.isMissingNode() && !structured.isNull();
    if (!result.path("content").isArray() && !hasStructured) {
      return Optional.empty();
    }
    List<Content> content = new ArrayList<>();
    result.path("content").forEach(part -> content.add(part(part)));
    boolean hasText =
        content.stream()
            .anyMatch(part -> part instanceof Content.Text(var text) && !text.isBlank());
    if (hasStructured && !hasText) {
      content.add(text(structured.toString()));
    }
    return Optional.of(
        new ToolResult(
            content, result.path("isError").asBoolean(false), hasStructured ? structured : null));
  }

  private static Content part(JsonNode part) {
    String type = part.path("type").asText(part.path("text").isTextual() ? "text" : "");
    return switch (type) {
      case "text" -> text(part.path("text").asText(""));
      case "image" -> picture(part);
      case "audio" ->
          Content.described(
              "[Audio of the type %s, %s, which can't be shown.]"
                  .formatted(mimeType(part), size(part.path("data"))),
              part);
      case "resource" -> Content.described(resource(part.path("resource")), part);
      case "resource_link" -> Content.described(link(part), part);
      default ->
          text(
              "[The tool also returned content of the type \"%s\", which can't be shown.]"
                  .formatted(word(type)));
    };
  }

  private static Content picture(JsonNode part) {
    return part.path("data").isTextual()
        ? new Content.Image(
            WellFormed.text(part.path("data").asText()), WellFormed.text(mimeType(part)))
        : text("[An image without data.]");
  }

  private static String resource(JsonNode resource) {
    String name = "The resource %s (%s)".formatted(uri(resource), mimeType(resource));
    return resource.path("text").isTextual()
        ? name + ":\n" + resource.path("text").asText()
        : "[%s, %s, which can't be shown.]".formatted(name, size(resource.path("blob")));
  }

  private static String link(JsonNode link) {
    StringBuilder text = new StringBuilder("Link to the resource ").append(uri(link));
    for (String field : new String[] {"title", "name", "mimeType", "description"}) {
      if (link.path(field).isTextual() && !link.path(field).asText().isBlank()) {
        text.append("\n").append(field).append(": ").append(link.path(field).asText());
      }
    }
    return text.toString();
  }

  private static String uri(JsonNode resource) {
    return resource.path("uri").asText("without an address");
  }

  private static String mimeType(JsonNode part) {
    // Content that is a text is one, whether or not it says which.
    String unsaid = part.path("text").isTextual() ? "text/plain" : "application/octet-stream";
    return word(part.path("mimeType").asText(unsaid));
  }

  private static String size(JsonNode base64) {
    return base64.asText("").length() / 4 * 3 + " bytes";
  }

  private static String word(String text) {
    return WellFormed.cut(text, MOST_OF_A_WORD);
  }

  private static Content text(String text) {
    return new Content.Text(WellFormed.text(text));
  }
}
