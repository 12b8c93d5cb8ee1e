package dev.errand.adapters.mcp;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.errand.tools.port.ToolSpec;
import org.junit.jupiter.api.Test;

class OutputSchemasTest {
  private static final ObjectMapper JSON = new ObjectMapper();

  private static boolean isShown(int properties, String pattern) {
    ObjectNode schema = JSON.createObjectNode().put("type", "object");
    ObjectNode named = schema.putObject("properties");
    for (int i = 0; i < properties; i++) {
      named.putObject("p" + i).put("type", "string").put("pattern", pattern);
    }
    ObjectNode input = JSON.createObjectNode().put("type", "object");
    return new OutputSchemas().shown(new ToolSpec("t", "", input, 0, null, schema)).isPresent();
  }

  @Test
  void aSchemaThatTakesLongToReadIsLeftOut() {
    assertTrue(isShown(95, "^[a-z0-9-]{1,60}$"));
    assertTrue(isShown(500, "^[a-z]+$"));
    assertTrue(isShown(5, "(?i)" + "\\pL".repeat(150)));
    assertFalse(isShown(95, "(?i)" + "\\pL".repeat(150)));
  }
}
