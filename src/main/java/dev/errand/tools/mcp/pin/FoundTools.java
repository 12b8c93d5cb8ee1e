package dev.errand.tools.mcp.pin;

import java.util.List;

/**
 * What a server listed.
 *
 * @param revision the revision of MCP that it speaks
 * @param tools the tools that can be used
 * @param leftOut of each other one its name and why it is left out
 */
public record FoundTools(String revision, ToolSet tools, List<String> leftOut) {
  public FoundTools {
    leftOut = List.copyOf(leftOut);
  }
}
