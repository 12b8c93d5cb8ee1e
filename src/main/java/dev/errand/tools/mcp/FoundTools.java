package dev.errand.tools.mcp;

import dev.errand.tools.mcp.wire.McpClient;
import java.util.List;

/**
 * The tools that a server listed.
 *
 * @param leftOut the name of each other one with the reason
 */
public record FoundTools(String revision, ToolSet tools, List<String> leftOut) {
  /** The list of a server that was never listed. */
  public static final FoundTools NONE = new FoundTools(McpClient.NEWEST, ToolSet.NONE, List.of());

  public FoundTools {
    leftOut = List.copyOf(leftOut);
  }
}
