package dev.errand.adapters.console.tool;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.errand.adapters.console.page.DiffLine;
import dev.errand.base.json.PrettyJson;
import dev.errand.tools.mcp.ToolChange;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;

/**
 * How the tools of a server differ from those that are pinned.
 *
 * @param tools each tool that differs
 * @param isCut whether not all of it is shown
 */
public record ChangeView(List<ChangedTool> tools, boolean isCut) {
  private static final int MOST_CHARACTERS = 30_000;
  private static final Pattern SENTENCES = Pattern.compile("(?<=[.!?])\\s+|\n");

  /**
   * A tool that differs.
   *
   * @param kind {@code added}, {@code removed} or {@code changed}
   * @param lines its declaration, line by line
   */
  public record ChangedTool(String name, String kind, List<DiffLine> lines) {}

  static ChangeView of(ToolChange change) {
    List<ChangedTool> all = new ArrayList<>();
    change.removed().forEach(name -> all.add(new ChangedTool(name, "removed", List.of())));
    for (ToolChange.Changed tool : change.changed()) {
      all.add(
          new ChangedTool(
              tool.name(), "changed", DiffLine.between(lines(tool.before()), lines(tool.after()))));
    }
    for (JsonNode tool : change.added()) {
      all.add(
          new ChangedTool(
              tool.path("name").asText(), "added", DiffLine.between(List.of(), lines(tool))));
    }
    List<ChangedTool> shown = new ArrayList<>();
    int left = MOST_CHARACTERS;
    for (ChangedTool tool : all) {
      left -= tool.name().length() + 100;
      left -= tool.lines().stream().mapToInt(line -> line.text().length() + 30).sum();
      if (left < 0) {
        break;
      }
      shown.add(tool);
    }
    return new ChangeView(shown, shown.size() < all.size());
  }

  // A description is one line of JSON, however long: it is split into sentences, so that the
  // differences are visible.
  private static List<String> lines(JsonNode tool) {
    List<String> lines = new ArrayList<>();
    if (tool instanceof ObjectNode declared) {
      SENTENCES
          .splitAsStream(declared.path("description").asText())
          .map(String::strip)
          .filter(sentence -> !sentence.isEmpty())
          .forEach(lines::add);
      ObjectNode rest = declared.deepCopy().without(List.of("name", "description"));
      lines.addAll(PrettyJson.of(rest).lines().toList());
    }
    return lines;
  }
}
