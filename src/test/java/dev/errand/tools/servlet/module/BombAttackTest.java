package dev.errand.tools.servlet.module;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.errand.tools.port.ToolResult;
import dev.errand.tools.servlet.host.Attack;
import dev.errand.tools.servlet.host.Fixture;
import dev.errand.tools.servlet.limit.Grant;
import java.util.ArrayList;
import java.util.Map;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Hostile servlets that try to exceed their limits of memory. */
@Timeout(120)
class BombAttackTest {
  @ParameterizedTest
  @EnumSource
  void memoryThatGrowsWithoutEnd(Engine engine) throws Exception {
    new Attack(engine, "grow_memory_crash")
        .failsAndLeavesTheHeapAsItWas("more memory than its limit of 64 MiB");
    assertEquals(
        ToolResult.text("00000032"), new Fixture(engine, "memory", "2M").call("grow_memory"));
  }

  @ParameterizedTest
  @EnumSource
  void aTableThatGrowsWithoutEnd(Engine engine) throws Exception {
    new Attack(engine, "grow_table_crash").failsAndLeavesTheHeapAsItWas("unreachable");
  }

  @ParameterizedTest
  @EnumSource
  void severalTablesThatGrowBesideEachOther(Engine engine) throws Exception {
    var result = new Fixture(engine, "table-entries", "5000").call("grow_table_far");
    assertEquals(ToolResult.text("00004002"), result);
  }

  @ParameterizedTest
  @EnumSource
  void anArenaFilledBlockByBlock(Engine engine) throws Exception {
    new Attack(engine, "arena_full").failsAndLeavesTheHeapAsItWas("exceeded the 64 MiB of data");
  }

  @ParameterizedTest
  @EnumSource
  void aBlockLargerThanTheArena(Engine engine) throws Exception {
    new Attack(engine, "arena_huge").failsAndLeavesTheHeapAsItWas("exceeded the 64 MiB of data");
  }

  @ParameterizedTest
  @EnumSource
  void variablesWithoutEnd(Engine engine) throws Exception {
    new Attack(engine, "vars_full").failsAndLeavesTheHeapAsItWas("1 MiB of variables");
  }

  @ParameterizedTest
  @EnumSource
  void aVariableLargerThanAllMayBe(Engine engine) throws Exception {
    new Attack(engine, "vars_huge").failsAndLeavesTheHeapAsItWas("1 MiB of variables");
  }

  @ParameterizedTest
  @EnumSource
  void anAnswerOfTwentyMillionBytes(Engine engine) throws Exception {
    new Attack(engine, "output_huge").failsAndLeavesTheHeapAsItWas("limit of 4 MiB");
  }

  @ParameterizedTest
  @EnumSource
  void anAnswerOfFewerBytesThanNone(Engine engine) throws Exception {
    new Attack(engine, "output_negative").failsWith("limit of 4 MiB");
  }

  @ParameterizedTest
  @EnumSource
  void anAnswerOfAMillionBrackets(Engine engine) throws Exception {
    new Attack(engine, "output_deep").failsAndLeavesTheHeapAsItWas("is not JSON: [[[");
  }

  @ParameterizedTest
  @EnumSource
  void aLineOfTwentyMillionBytesInTheLog(Engine engine) throws Exception {
    new Attack(engine, "log_huge").failsAndLeavesTheHeapAsItWas("unreachable");
    var lines = new ArrayList<String>();
    new Fixture(engine).call("log_huge", Grant.NONE, (level, line) -> lines.add(line));
    assertEquals(1, lines.size());
    assertTrue(lines.getFirst().contains("logged too much"));
  }

  @ParameterizedTest
  @EnumSource
  void linesInTheLogWithoutEnd(Engine engine) throws Exception {
    var lines = new ArrayList<String>();
    var fixture = new Fixture(engine, "wall-time", "PT0.5S", "log-lines", "5");
    assertTrue(fixture.call("loop_log", Grant.NONE, (level, line) -> lines.add(line)).isError());
    assertEquals(6, lines.size());
    assertTrue(lines.getLast().contains("logged too much"));
  }

  @ParameterizedTest
  @EnumSource
  void argumentsLargerThanAToolTakes(Engine engine) throws Exception {
    new Attack(engine, "input_echo", "input", "100")
        .failsWith("limit of 100 bytes", Grant.NONE, "probe", Map.of("long", "x".repeat(200)));
  }

  @ParameterizedTest
  @EnumSource
  void recursionWithoutEnd(Engine engine) throws Exception {
    new Attack(engine, "recurse").failsAndLeavesTheHeapAsItWas("called itself too deeply");
  }

  @ParameterizedTest
  @EnumSource
  void recursionOfAFunctionWithManyVariables(Engine engine) throws Exception {
    new Attack(engine, "recurse_wide").failsAndLeavesTheHeapAsItWas("called itself too deeply");
  }

  @ParameterizedTest
  @EnumSource
  void recursionThatEndsInAHostCall(Engine engine) throws Exception {
    new Attack(engine, "recurse_host").failsAndLeavesTheHeapAsItWas("called itself too deeply");
  }
}
