package dev.errand.tools.port;

import com.fasterxml.jackson.databind.JsonNode;
import dev.errand.base.json.WellFormed;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/** Parses a tool's result as the Model Context Protocol writes it. */
public final class ContentParser {
  private static final int MOST_OF_A_WORD = 200;
  // A part of a few bytes becomes a text of some hundred; nobody reads more of them than this.
  private static final int MOST_PARTS = 1_000;
  private static final int MOST_TYPES_NAMED = 5;
  private static final Set<String> TYPES =
      Set.of("text", "image", "audio", "resource", "resource_link");

  private ContentParser() {}

  /**
   * A result with its parts. Its structured content also becomes a text where it has no other. Of
   * very many parts, and of those that can't be shown, a text says how many there were, so that the
   * result is no longer than what was read, but for a small part.
   *
   * @return empty where it has neither content nor structured content
   */
  public static Optional<ToolResult> parse(JsonNode result) {
    JsonNode structured = result.path("structuredContent");
    boolean hasStructured = !structured.isMissingNode() && !structured.isNull();
    if (!result.path("content").isArray() && !hasStructured) {
      return Optional.empty();
    }
    List<Content> content = content(result.path("content"));
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

  private static List<Content> content(JsonNode parts) {
    List<Content> content = new ArrayList<>();
    Set<String> unknown = new LinkedHashSet<>();
    int known = 0;
    for (JsonNode part : parts) {
      String type = type(part);
      if (!TYPES.contains(type)) {
        if (unknown.size() <= MOST_TYPES_NAMED) {
          unknown.add(word(type));
        }
      } else if (++known <= MOST_PARTS) {
        content.add(part(type, part));
      }
    }
    if (!unknown.isEmpty()) {
      content.add(unknown(parts.size() - known, unknown));
    }
    if (known > MOST_PARTS) {
      content.add(
          text(
              "[%d more parts of the result are left out: at most %d are read.]"
                  .formatted(known - MOST_PARTS, MOST_PARTS)));
    }
    return content;
  }

  private static String type(JsonNode part) {
    return part.path("type").asText(part.path("text").isTextual() ? "text" : "");
  }

  private static Content unknown(int parts, Set<String> types) {
    if (parts == 1) {
      return text(
          "[The tool also returned content of the type \"%s\", which can't be shown.]"
              .formatted(types.iterator().next()));
    }
    String named =
        types.stream()
            .limit(MOST_TYPES_NAMED)
            .map(type -> "\"" + type + "\"")
            .collect(Collectors.joining(", "));
    return text(
        "[The tool also returned %d parts of types that can't be shown: %s.]"
            .formatted(parts, named + (types.size() > MOST_TYPES_NAMED ? " and others" : "")));
  }

  private static Content part(String type, JsonNode part) {
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
      default -> throw new IllegalArgumentException(type);
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
