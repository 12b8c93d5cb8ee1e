package dev.errand.adapters.mcp.tool;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.errand.adapters.mcp.protocol.McpError;
import java.io.IOException;

/**
 * A tool as a chat sees it.
 *
 * @param declaration its name, description and schemas, as {@code tools/list} shows them
 * @param call calls it
 */
public record ChatTool(ObjectNode declaration, Call call) {

  /** Calls a tool. */
  @FunctionalInterface
  public interface Call {
    /**
     * Calls it and waits for its result.
     *
     * @return the result of {@code tools/call}: a complete one, or a task
     * @throws dev.errand.base.error.ApiException what the model is to read
     * @throws McpError what the client's program is to read
     * @throws IOException when the client is gone
     */
    ObjectNode now(ToolRequest request) throws InterruptedException, IOException, McpError;
  }

  /** Its name. */
  public String name() {
    return declaration.path("name").asText();
  }
}
