package dev.errand.adapters.console.tool;

import com.fasterxml.jackson.databind.JsonNode;
import dev.errand.adapters.console.page.Excerpt;
import dev.errand.base.json.Json;
import dev.errand.tools.servlet.registry.Servlet;
import dev.errand.tools.servlet.registry.ServletSummary;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The data of the page with the servlets of the registry.
 *
 * @param before the address of the page before; null for none
 * @param next the address of the following page; null for the last one
 */
public record ServletListView(
    String query, List<ServletLine> lines, @Nullable String before, @Nullable String next) {
  private static final int LONGEST = 300;

  /**
   * A servlet.
   *
   * @param tools the names of its tools
   */
  public record ServletLine(ServletSummary servlet, String tools) {
    static ServletLine of(ServletSummary servlet, Json json) {
      JsonNode tools = json.tree(servlet.meta().schema().tools());
      return new ServletLine(servlet, Excerpt.of(ToolLine.names(tools), LONGEST));
    }

    /** The beginning of its description. */
    public String description() {
      return Excerpt.of(servlet.meta().description(), LONGEST);
    }

    /** The hosts that it declares; empty for none. */
    public String hosts() {
      return Excerpt.of(String.join(", ", servlet.meta().requirements().domains()), LONGEST);
    }

    /** Whether only its owner sees it. */
    public boolean isPrivate() {
      return servlet.visibility().equals(Servlet.PRIVATE);
    }
  }
}
