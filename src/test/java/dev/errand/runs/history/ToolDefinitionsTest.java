package dev.errand.runs.history;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.errand.support.StatementLog;
import dev.errand.support.TestDatabase;
import dev.errand.tools.port.ToolSpec;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import jakarta.inject.Inject;
import java.lang.ref.WeakReference;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

@QuarkusTest
@QuarkusTestResource(TestDatabase.class)
class ToolDefinitionsTest {
  private static final ObjectMapper JSON = new ObjectMapper();

  @Inject ToolDefinitions definitions;

  @Test
  void noDefinitionsStayInMemory() {
    List<WeakReference<ObjectNode>> schemas = new ArrayList<>();
    for (int i = 0; i < 10; i++) {
      ToolSpec tool = tool("held-" + i);
      schemas.add(new WeakReference<>(tool.inputSchema()));
      String address = definitions.keep(List.of(tool));
      assertEquals(List.of(tool), definitions.find(address).orElseThrow());
    }
    System.gc();
    // A frame of this method may still refer to the last one.
    long held = schemas.stream().limit(9).filter(schema -> schema.get() != null).count();
    assertEquals(0, held);
  }

  @Test
  void theSameDefinitionsAreRecordedOnceADay() {
    StatementLog.start();
    String address = definitions.keep(List.of(tool("same")));
    assertEquals(address, definitions.keep(List.of(tool("same"))));
    assertNotEquals(address, definitions.keep(List.of(tool("another"))));
    long recorded =
        StatementLog.ofAll().stream().filter(ArchiveStatements.KEEP_TOOLS::equals).count();
    StatementLog.stop();
    assertEquals(2, recorded);
  }

  @Test
  void eachPartOfADefinitionCounts() {
    ToolSpec first = tool("first");
    String address = definitions.keep(List.of(first));
    assertEquals(address, definitions.keep(List.of(first)));
    for (ToolSpec other :
        List.of(
            first.named("renamed"),
            new ToolSpec("first", "Says something else", first.inputSchema()),
            new ToolSpec("first", first.description(), tool("other").inputSchema()))) {
      String its = definitions.keep(List.of(other));
      assertNotEquals(address, its);
      assertEquals(its, definitions.keep(List.of(other)));
      assertEquals(List.of(other), definitions.find(its).orElseThrow());
    }
    assertEquals(address, definitions.keep(List.of(tool("first"))));
  }

  private static ToolSpec tool(String name) {
    ObjectNode schema = JSON.createObjectNode().put("type", "object").put("title", name);
    return new ToolSpec(name, "Says " + name, schema);
  }
}
