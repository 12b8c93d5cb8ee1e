package dev.errand.adapters.tasktool;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.errand.base.json.Json;
import dev.errand.support.TestDatabase;
import dev.errand.tools.port.PermittedTool;
import dev.errand.tools.port.Remedy;
import dev.errand.tools.port.ToolCall;
import dev.errand.tools.port.ToolLog;
import dev.errand.tools.port.ToolResult;
import dev.errand.tools.port.ToolSpec;
import dev.errand.tools.port.ToolUser;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import jakarta.inject.Inject;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.Test;

@QuarkusTest
@QuarkusTestResource(TestDatabase.class)
class TaskToolSourceTest {
  private static final ToolUser NOBODY = new ToolUser(UUID.randomUUID(), null, 0);

  @Inject TaskToolSource source;
  @Inject Json json;

  @Test
  void aFailureIsAResultThatTheModelReads() throws InterruptedException {
    assertEquals(ToolResult.error("The tool failed on the server: call it again."), call("list"));
  }

  @Test
  void aFailureThatAnInterruptMayHaveCausedHasNoResult() {
    Thread.currentThread().interrupt();
    assertThrows(InterruptedException.class, () -> call("list"));
    assertFalse(Thread.interrupted());
  }

  private ToolResult call(String name) throws InterruptedException {
    List<ToolSpec> specs = source.tools("any");
    assertFalse(specs.isEmpty());
    PermittedTool tool =
        new PermittedTool(
            UUID.randomUUID(),
            "nobody",
            "any",
            name,
            "tasks_" + name,
            List.of(),
            Map.of(),
            Remedy.NONE);
    return source
        .open(NOBODY)
        .call(tool, new ToolCall("call_1", json.object(), Instant.MAX, ToolLog.NONE));
  }
}
