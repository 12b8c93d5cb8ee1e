package dev.errand.adapters.console.tool;

import com.fasterxml.jackson.databind.JsonNode;
import dev.errand.adapters.console.page.Excerpt;
import dev.errand.adapters.console.page.PagePaths;
import dev.errand.base.json.Json;
import dev.errand.tools.install.InstallationView;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * A tool of an installation, as a line.
 *
 * @param name its name in the installation
 * @param description the beginning of its description
 * @param on whether it is switched on
 * @param address the page with the form that calls it
 */
public record ToolLine(String name, String description, boolean on, String address) {
  private static final int LONGEST_DESCRIPTION = 400;

  /**
   * The tools of an installation.
   *
   * @param page the address of its page
   */
  static List<ToolLine> of(InstallationView installation, String page, Json json) {
    List<ToolLine> lines = new ArrayList<>();
    for (JsonNode tool : json.tree(installation.servlet().meta().schema().tools())) {
      String name = tool.path("name").asText();
      lines.add(
          new ToolLine(
              name,
              Excerpt.of(tool.path("description").asText(), LONGEST_DESCRIPTION),
              !installation.disabledTools().contains(name),
              page + "/try" + PagePaths.query(Map.of("tool", name))));
    }
    return lines;
  }
}
