package dev.errand.automation.channel;

import com.fasterxml.jackson.databind.JsonNode;
import dev.errand.base.json.Json;
import dev.errand.base.markdown.MarkdownText;
import io.quarkus.runtime.annotations.RegisterForReflection;
import java.util.Optional;

/**
 * What a run answered, as a message tells it.
 *
 * @param text at most {@link #MOST} characters
 * @param isResult whether it is a JSON value by the task's schema, else it is Markdown
 * @param isCut whether the run answered more
 */
@RegisterForReflection
public record RunAnswer(String text, boolean isResult, boolean isCut) {
  /** The longest answer that a message tells in full. */
  public static final int MOST = 50_000;

  private static final int MOST_ROWS = 500;

  /** An answer, cut where it is too long. */
  public static RunAnswer of(String text, boolean isResult) {
    if (text.length() <= MOST) {
      return new RunAnswer(text, isResult, false);
    }
    int end = Character.isHighSurrogate(text.charAt(MOST - 1)) ? MOST - 1 : MOST;
    return new RunAnswer(text.substring(0, end), isResult, true);
  }

  /** The value of a result; empty for another answer, and for a result that is cut. */
  Optional<JsonNode> result(Json json) {
    return isResult && !isCut ? json.parse(text) : Optional.empty();
  }

  /** The answer as Markdown: of an object, a table of names and values; another result as code. */
  String markdown(Json json) {
    if (!isResult) {
      return text;
    }
    JsonNode value = result(json).orElse(null);
    if (value == null || !value.isObject() || value.isEmpty() || value.size() > MOST_ROWS) {
      return value != null && value.isTextual() ? MarkdownText.escaped(value.textValue()) : code();
    }
    StringBuilder table = new StringBuilder("| Name | Value |\n| --- | --- |\n");
    value
        .properties()
        .forEach(
            field ->
                table
                    .append("| ")
                    .append(MarkdownText.escaped(field.getKey()))
                    .append(" | ")
                    .append(MarkdownText.escaped(words(field.getValue())))
                    .append(" |\n"));
    return table.toString();
  }

  private static String words(JsonNode value) {
    return value.isValueNode() ? value.asText() : value.toString();
  }

  private String code() {
    return "    " + text.replaceAll("\\R", "\n    ");
  }
}
