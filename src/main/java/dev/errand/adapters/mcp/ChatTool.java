package dev.errand.adapters.mcp;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.errand.base.error.ApiException;
import java.io.IOException;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * A tool as a chat sees it.
 *
 * @param declared builds its declaration, which a call does not need
 */
public record ChatTool(String name, Supplier<@Nullable ObjectNode> declared, Call call) {

  @FunctionalInterface
  public interface Call {
    /**
     * Calls it and waits for its result.
     *
     * @return the result of {@code tools/call}: a complete one, or a task
     * @throws ApiException an error for the model
     * @throws McpError an error for the client's program
     * @throws IOException when the client has disconnected
     */
    ObjectNode now(ToolRequest request) throws InterruptedException, IOException, McpError;
  }

  /**
   * Its name, description and schemas, as {@code tools/list} shows them; null where it is gone
   * meanwhile.
   */
  public @Nullable ObjectNode declaration() {
    return declared.get();
  }
}
