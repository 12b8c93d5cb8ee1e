package dev.errand.tools.port;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The result of a tool call.
 *
 * @param isError whether the call failed; the model reads the content either way
 * @param structured the result for programs, which models do not get; null for none
 */
public record ToolResult(List<Content> content, boolean isError, @Nullable JsonNode structured) {
  public ToolResult {
    content = List.copyOf(content);
  }

  /** A result without a part for programs. */
  public ToolResult(List<Content> content, boolean isError) {
    this(content, isError, null);
  }

  /** A successful result of one text. */
  public static ToolResult text(String text) {
    return new ToolResult(List.of(new Content.Text(text)), false);
  }

  /** A failure that the model can read and act on. */
  public static ToolResult error(String sentence) {
    return new ToolResult(List.of(new Content.Text(sentence)), true);
  }

  /** All texts of the result, joined by line breaks. */
  public String joinedText() {
    return content.stream().flatMap(ToolResult::text).collect(Collectors.joining("\n"));
  }

  private static Stream<String> text(Content part) {
    return switch (part) {
      case Content.Text(var text) -> Stream.of(text);
      case Content.Described(var text, var _) -> Stream.of(text);
      case Content.Image _ -> Stream.empty();
    };
  }
}
