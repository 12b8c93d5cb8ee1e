package dev.errand.tools.tool;

import java.util.List;
import java.util.stream.Collectors;

/**
 * What a tool answers.
 *
 * @param content the answer, in order
 * @param isError whether the content tells of a failure; the model reads it either way
 */
public record ToolResult(List<Content> content, boolean isError) {
  public ToolResult {
    content = List.copyOf(content);
  }

  /** A good answer of one text. */
  public static ToolResult text(String text) {
    return new ToolResult(List.of(new Content.Text(text)), false);
  }

  /** A failure that the model can read and act on. */
  public static ToolResult error(String sentence) {
    return new ToolResult(List.of(new Content.Text(sentence)), true);
  }

  /** All texts of the answer, a line break between two. */
  public String joinedText() {
    return content.stream()
        .filter(Content.Text.class::isInstance)
        .map(c -> ((Content.Text) c).text())
        .collect(Collectors.joining("\n"));
  }
}
