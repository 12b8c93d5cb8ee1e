package dev.errand.adapters.mcp;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.errand.base.limit.ElapsedClock;
import dev.errand.base.turn.RunChecks;
import dev.errand.base.turn.WorkOwner;
import dev.errand.tools.port.Content;
import dev.errand.tools.port.ToolResult;
import dev.errand.tools.port.ToolSpec;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;

class OutputSchemasTest {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final WorkOwner ANN = WorkOwner.user("ann");

  private final OutputSchemas schemas = new OutputSchemas(new RunChecks());

  private static ToolSpec tool(ObjectNode schema) {
    return new ToolSpec("t", "", JSON.createObjectNode().put("type", "object"), 0, null, schema);
  }

  private static ObjectNode schema(int properties) {
    ObjectNode schema = JSON.createObjectNode().put("type", "object");
    ObjectNode named = schema.putObject("properties");
    for (int i = 0; i < properties; i++) {
      named.putObject("p" + i).put("type", "string").put("pattern", "^[a-z0-9-]{1,60}$");
    }
    return schema;
  }

  private static Instant soon() {
    return ElapsedClock.now().plus(Duration.ofMinutes(5));
  }

  @Test
  void aSchemaThatTakesLongWaitsForItsTurnAsLongAsThereIsTime() throws Exception {
    ToolSpec large = tool(schema(500));
    assertTrue(schemas.shown(tool(schema(5)), ANN, ElapsedClock.now()).isPresent());
    assertFalse(schemas.shown(large, ANN, ElapsedClock.now()).isPresent());
    assertTrue(schemas.shown(large, ANN, soon()).isPresent());
    // It is known then.
    assertTrue(schemas.shown(large, ANN, ElapsedClock.now()).isPresent());
  }

  @Test
  void aSchemaThatCanNotBeCheckedIsLeftOut() throws Exception {
    ObjectNode few = schema(1);
    few.putObject("not").put("pattern", "(?=a)");
    assertFalse(schemas.shown(tool(few), ANN, soon()).isPresent());
    ObjectNode many = schema(500);
    many.putObject("not").put("pattern", "(?=a)");
    assertFalse(schemas.shown(tool(many), ANN, soon()).isPresent());
  }

  @Test
  void aResultThatTakesLongWaitsForItsTurnAsLongAsThereIsTime() throws Exception {
    ObjectNode all = JSON.createObjectNode().put("type", "object");
    all.putObject("additionalProperties").put("type", "integer");
    ObjectNode value = JSON.createObjectNode();
    for (int i = 0; i < 5000; i++) {
      value.put("p" + i, i);
    }
    ToolResult result = new ToolResult(List.of(new Content.Text("said")), false, value);
    assertEquals(result, schemas.fitting(tool(all), result, ANN, soon()));
    ToolResult late = schemas.fitting(tool(all), result, ANN, ElapsedClock.now());
    assertTrue(late.isError());
    assertEquals(new Content.Text("said"), late.content().getFirst());
  }
}
