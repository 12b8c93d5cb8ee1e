package dev.errand.adapters.console.tool;

import com.fasterxml.jackson.databind.JsonNode;
import dev.errand.adapters.console.page.Excerpt;
import dev.errand.base.json.Json;
import dev.errand.identity.page.PagePaths;
import dev.errand.tools.install.InstallationView;
import dev.errand.tools.port.ApprovalRule;
import dev.errand.tools.port.ApprovalRules;
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
 * @param approval which of its calls wait for approval; empty for none
 */
public record ToolLine(String name, String description, boolean on, String approval) {
  private static final int LONGEST_DESCRIPTION = 400;
  private static final int LONGEST_CONDITION = 200;

  /** The query of the page with the form that calls it. */
  public String query() {
    return PagePaths.query(Map.of("tool", name));
  }

  /** The same with a shorter description. */
  ToolLine shortened(int longest) {
    return new ToolLine(name, Excerpt.of(description, longest), on, approval);
  }

  private static String approval(ApprovalRule rule) {
    return switch (rule) {
      case ApprovalRule.Never _ -> "";
      case ApprovalRule.Always _ -> "waits for approval";
      case ApprovalRule.When(String condition) ->
          "waits for approval if " + Excerpt.of(condition, LONGEST_CONDITION);
    };
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
    ApprovalRules rules = ApprovalRules.stored(installation.approvals());
    for (JsonNode tool : json.tree(installation.servlet().meta().schema().tools())) {
      String name = tool.path("name").asText();
      lines.add(
          new ToolLine(
              name,
              Excerpt.of(tool.path("description").asText(), LONGEST_DESCRIPTION),
              installation.switches().isOn(name),
              approval(rules.of(name))));
    }
    return lines;
  }
}
