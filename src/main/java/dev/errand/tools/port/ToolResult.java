package dev.errand.tools.port;

import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * The result of a tool call.
 *
 * @param isError whether the call failed; the model reads the content either way
 */
public record ToolResult(List<Content> content, boolean isError) {
  public ToolResult {
    content = List.copyOf(content);
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
