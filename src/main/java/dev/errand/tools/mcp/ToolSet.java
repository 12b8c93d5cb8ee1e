package dev.errand.tools.mcp;

import dev.errand.base.json.WellFormed;
import dev.errand.base.secret.Sha256;
import dev.errand.tools.mcp.wire.McpTool;
import dev.errand.tools.mcp.wire.VisibleText;
import dev.errand.tools.port.ToolSpec;
import java.util.List;
import java.util.Optional;

/**
 * A pinned set of tools of a server.
 *
 * @param digest the SHA-256 of the text, in hexadecimal digits
 * @param text the tools by name, as canonical JSON: names in order, no spaces
 */
public record ToolSet(String digest, String text, List<McpTool> tools) {
  /** No tools at all. */
  public static final ToolSet NONE = new ToolSet(Sha256.hex("[]"), "[]", List.of());

  private static final int MOST_DESCRIPTION = 8_192;

  public ToolSet {
    tools = List.copyOf(tools);
  }

  public Optional<McpTool> find(String name) {
    return tools.stream().filter(tool -> tool.name().equals(name)).findFirst();
  }

  /** The tools as models and people see them, with hidden characters made visible. */
  public List<ToolSpec> specs() {
    return tools.stream().map(ToolSet::spec).toList();
  }

  private static ToolSpec spec(McpTool tool) {
    return new ToolSpec(
        tool.name(),
        WellFormed.cut(
            VisibleText.of(tool.declared().path("description").asText("")), MOST_DESCRIPTION),
        VisibleText.ofSchema(tool.inputSchema()),
        tool.hops() + 1,
        tool.hints().orElse(null),
        tool.outputSchema());
  }
}
