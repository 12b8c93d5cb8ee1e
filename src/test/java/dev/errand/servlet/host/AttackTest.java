package dev.errand.servlet.host;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.errand.tool.ToolCall;
import dev.errand.tool.ToolLog;
import dev.errand.tool.ToolResult;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Stream;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

@Timeout(120)
class AttackTest {
  static Stream<Arguments> endless() {
    return Stream.of(
            "loop_br",
            "loop_br_if",
            "loop_br_table",
            "loop_call",
            "loop_host",
            "loop_alloc",
            "loop_log",
            "loop_start",
            "loop_initialize",
            "loop_fill",
            "fill_straight",
            "too_large",
            "sleep")
        .flatMap(name -> Stream.of(Engine.values()).map(engine -> Arguments.of(name, engine)));
  }

  @ParameterizedTest
  @MethodSource("endless")
  void whatNeverEndsIsStoppedAtItsTimeAndFreesItsCore(String name, Engine engine) throws Exception {
    var fixture = new Fixture(engine, "wall-time", "PT0.5S", "cores", "1", "calls", "1");
    var result = fixture.call(name);
    assertTrue(result.isError());
    assertTrue(result.joinedText().contains("longer than 500 ms"), result::joinedText);
    assertTrue(fixture.call("unreachable").joinedText().contains("crashed"));
  }

  @ParameterizedTest
  @EnumSource
  void tailCallsThatNeverEndAreStopped(Engine engine) throws Exception {
    // Compiled code has no tail calls, so that it runs out of stack instead of out of time.
    var fixture = new Fixture(engine, "wall-time", "PT0.5S");
    assertTrue(fixture.call("loop_return_call").isError());
    assertTrue(fixture.call("loop_return_call_indirect").isError());
  }

  @ParameterizedTest
  @EnumSource
  void theEarlierDeadlineOfTheCallStopsIt(Engine engine) throws Exception {
    var fixture = new Fixture(engine);
    var module = fixture.load("loop_br");
    var call =
        new ToolCall(
            "call_1", Fixture.arguments(Map.of()), Instant.now().plusMillis(200), ToolLog.NONE);
    var result = fixture.host().call(module, Grant.NONE, "probe", call);
    assertTrue(result.joinedText().contains("time for this call was over"), result::joinedText);
  }

  @ParameterizedTest
  @EnumSource
  void describeIsStoppedToo(Engine engine) throws Exception {
    var fixture = new Fixture(engine, "describe-time", "PT0.5S");
    var module = fixture.load("loop_start");
    var refused =
        assertThrows(InvalidServletException.class, () -> fixture.host().describe(module));
    assertTrue(String.valueOf(refused.getMessage()).contains("longer than 500 ms"));
  }

  @ParameterizedTest
  @EnumSource
  void interruptingTheCallerStopsTheServlet(Engine engine) throws Exception {
    var fixture = new Fixture(engine, "cores", "1", "calls", "1");
    var module = fixture.load("loop_log");
    var running = new CountDownLatch(1);
    var interrupted = new AtomicBoolean();
    var caller =
        Thread.ofVirtual()
            .start(
                () -> {
                  try {
                    fixture
                        .host()
                        .call(
                            module,
                            Grant.NONE,
                            "probe",
                            Fixture.call((level, line) -> running.countDown()));
                  } catch (InterruptedException e) {
                    interrupted.set(true);
                  }
                });
    running.await();
    caller.interrupt();
    caller.join();
    assertTrue(interrupted.get());
    assertEquals(ToolResult.text("00001001"), fixture.call("count"));
  }

  @ParameterizedTest
  @EnumSource
  void recursionEndsTheCallAlone(Engine engine) throws Exception {
    var fixture = new Fixture(engine);
    for (var name : new String[] {"recurse", "recurse_wide", "recurse_host"}) {
      var result = fixture.call(name);
      assertTrue(result.joinedText().contains("called itself too deeply"), result::joinedText);
    }
    assertEquals(ToolResult.text("00001001"), fixture.call("count"));
  }

  @ParameterizedTest
  @EnumSource
  void memoryGrowsToItsLimitAndNoFurther(Engine engine) throws Exception {
    assertEquals(
        ToolResult.text("00000032"), new Fixture(engine, "memory", "2M").call("grow_memory"));
  }

  @ParameterizedTest
  @EnumSource
  void tablesGrowToTheirLimitTogether(Engine engine) throws Exception {
    var result = new Fixture(engine, "table-entries", "5000").call("grow_table_far");
    assertEquals(ToolResult.text("00004002"), result);
  }

  @ParameterizedTest
  @EnumSource
  void theArenaIsBounded(Engine engine) throws Exception {
    var fixture = new Fixture(engine);
    assertTrue(fixture.call("arena_full").joinedText().contains("more data than the 64 MiB"));
    assertTrue(fixture.call("arena_huge").joinedText().contains("more data than the 64 MiB"));
    assertTrue(fixture.call("arena_outside").joinedText().contains("outside the memory"));
    assertTrue(fixture.call("output_outside").joinedText().contains("outside the memory"));
    assertEquals(ToolResult.text("00000000"), fixture.call("arena_strange"));
  }

  @ParameterizedTest
  @EnumSource
  void variablesOutputAndInputAreBounded(Engine engine) throws Exception {
    var fixture = new Fixture(engine, "input", "100");
    assertTrue(fixture.call("vars_full").joinedText().contains("1 MiB of variables"));
    assertTrue(fixture.call("output_huge").joinedText().contains("more than the 4 MiB"));
    var call =
        new ToolCall(
            "call_1",
            Fixture.arguments(Map.of("long", "x".repeat(200))),
            Instant.MAX,
            ToolLog.NONE);
    var result = fixture.host().call(fixture.load("count"), Grant.NONE, "probe", call);
    assertTrue(result.joinedText().contains("larger than the 100 bytes"), result::joinedText);
  }

  @ParameterizedTest
  @EnumSource
  void logLinesAreBounded(Engine engine) throws Exception {
    var lines = new ArrayList<String>();
    new Fixture(engine, "wall-time", "PT0.5S", "log-lines", "5")
        .call("loop_log", Grant.NONE, (level, line) -> lines.add(line));
    assertEquals(6, lines.size());
    assertTrue(lines.getLast().contains("logged too much"));
  }

  @ParameterizedTest
  @EnumSource
  void aCallThatWaitsInTheQueueTooLongNeverStarts(Engine engine) throws Exception {
    var fixture = new Fixture(engine, "calls", "1");
    var module = fixture.load("loop_log");
    var running = new CountDownLatch(1);
    var first =
        Thread.ofVirtual()
            .start(
                () -> {
                  try {
                    var ignored =
                        fixture
                            .host()
                            .call(
                                module,
                                Grant.NONE,
                                "probe",
                                Fixture.call((level, line) -> running.countDown()));
                    assertFalse(ignored.isError());
                  } catch (InterruptedException e) {
                    Thread.currentThread().interrupt();
                  }
                });
    running.await();
    var late =
        new ToolCall(
            "call_2", Fixture.arguments(Map.of()), Instant.now().plusMillis(50), ToolLog.NONE);
    var result = fixture.host().call(module, Grant.NONE, "probe", late);
    assertTrue(result.joinedText().contains("Too many tools"), result::joinedText);
    first.interrupt();
    first.join();
  }
}
