package dev.errand.tools.mcp.pin;

import dev.errand.tools.mcp.wire.McpClient;
import java.util.List;

/**
 * What a server listed.
 *
 * @param revision the revision of MCP that it speaks
 * @param tools the tools that can be used
 * @param leftOut of each other one its name and why it is left out
 */
public record FoundTools(String revision, ToolSet tools, List<String> leftOut) {
  /** The list of a server that nobody has been able to ask yet. */
  public static final FoundTools NONE = new FoundTools(McpClient.NEWEST, ToolSet.NONE, List.of());

  public FoundTools {
    leftOut = List.copyOf(leftOut);
  }
}
