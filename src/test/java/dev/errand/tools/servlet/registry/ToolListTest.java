package dev.errand.tools.servlet.registry;

import static org.junit.jupiter.api.Assertions.assertEquals;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.errand.tools.port.ToolSpec;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class ToolListTest {
  private static final ObjectMapper JSON = new ObjectMapper();

  private final ToolList tools = new ToolList(JSON);

  private static ToolSpec tool(@Nullable ObjectNode outputSchema) {
    ObjectNode schema = JSON.createObjectNode().put("type", "object");
    return new ToolSpec("a", "A.", schema, 0, null, outputSchema);
  }

  @Test
  void theSchemaOfResultsIsKept() throws Exception {
    ToolSpec tool = tool(JSON.createObjectNode().put("type", "object").put("title", "Result"));
    assertEquals(List.of(tool), tools.read(tools.write(List.of(tool))));
    assertEquals(List.of(tool(null)), tools.read(tools.write(List.of(tool(null)))));
  }

  @Test
  void aSchemaOfResultsThatIsTooLongIsLeftOut() throws Exception {
    ToolSpec tool = tool(JSON.createObjectNode().put("title", "x".repeat(300_000)));
    assertEquals(List.of(tool(null)), tools.read(tools.write(List.of(tool))));
  }
}
