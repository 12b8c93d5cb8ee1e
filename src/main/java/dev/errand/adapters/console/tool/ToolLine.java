package dev.errand.adapters.console.tool;

import com.fasterxml.jackson.databind.JsonNode;
import dev.errand.adapters.console.page.Excerpt;
import dev.errand.adapters.console.page.PagePaths;
import dev.errand.base.json.Json;
import dev.errand.tools.install.InstallationView;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.StreamSupport;

/**
 * A tool of an installation, as a line.
 *
 * @param name its name in the installation
 * @param description the beginning of its description
 * @param on whether it is switched on
 */
public record ToolLine(String name, String description, boolean on) {
  private static final int LONGEST_DESCRIPTION = 400;

  /** The query of the page with the form that calls it. */
  public String query() {
    return PagePaths.query(Map.of("tool", name));
  }

  /** The names of tools, separated by commas. */
  static String names(JsonNode tools) {
    return StreamSupport.stream(tools.spliterator(), false)
        .map(tool -> tool.path("name").asText())
        .collect(Collectors.joining(", "));
  }

  /** The tools of an installation. */
  static List<ToolLine> of(InstallationView installation, Json json) {
    List<ToolLine> lines = new ArrayList<>();
    for (JsonNode tool : json.tree(installation.servlet().meta().schema().tools())) {
      String name = tool.path("name").asText();
      lines.add(
          new ToolLine(
              name,
              Excerpt.of(tool.path("description").asText(), LONGEST_DESCRIPTION),
              !installation.disabledTools().contains(name)));
    }
    return lines;
  }
}
