package dev.errand.runs.worker;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.errand.tools.port.Tool;
import dev.errand.tools.port.ToolCall;
import dev.errand.tools.port.ToolLog;
import dev.errand.tools.port.ToolResult;
import dev.errand.tools.port.ToolSpec;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What was offered stays offered, whatever is there now. */
class FixedToolboxTest {
  private static final ObjectNode EMPTY = JsonNodeFactory.instance.objectNode();
  private static final ObjectNode OTHER = EMPTY.deepCopy().put("type", "object");

  private static final ToolSpec OFFERED = new ToolSpec("wait", "Waits.", EMPTY);

  @Test
  void aToolThatSaysOtherwiseOfItselfIsCalledAndOfferedAsBefore() throws InterruptedException {
    FixedToolbox fixed = over(new ToolSpec("wait", "Waits for runs.", EMPTY));

    assertEquals(List.of(OFFERED), fixed.tools().stream().map(Tool::spec).toList());
    assertFalse(called(fixed).isError());
  }

  @Test
  void aToolThatTakesOtherArgumentsIsAnother() throws InterruptedException {
    assertTrue(called(over(new ToolSpec("wait", "Waits.", OTHER))).isError());
  }

  @Test
  void whatIsNewIsNotOffered() {
    FixedToolbox fixed = over(new ToolSpec("more", "", EMPTY));

    assertEquals(List.of(OFFERED), fixed.tools().stream().map(Tool::spec).toList());
    assertTrue(fixed.find("more").isEmpty());
  }

  private static FixedToolbox over(ToolSpec present) {
    return new FixedToolbox(() -> List.of(new Done(present)), List.of(OFFERED));
  }

  private static ToolResult called(FixedToolbox fixed) throws InterruptedException {
    return fixed
        .find("wait")
        .orElseThrow()
        .call(new ToolCall("c", EMPTY, Instant.MAX, ToolLog.NONE));
  }

  private record Done(ToolSpec spec) implements Tool {
    @Override
    public ToolResult call(ToolCall call) {
      return ToolResult.text("Done.");
    }
  }
}
