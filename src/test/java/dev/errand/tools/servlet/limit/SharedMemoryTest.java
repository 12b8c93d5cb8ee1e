package dev.errand.tools.servlet.limit;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.errand.base.limit.ElapsedClock;
import dev.errand.tools.port.ToolCall;
import dev.errand.tools.port.ToolLog;
import dev.errand.tools.port.ToolResult;
import dev.errand.tools.servlet.host.Fixture;
import dev.errand.tools.servlet.module.Engine;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Several servlets at once that try to take the memory of all. */
@Timeout(120)
class SharedMemoryTest {
  private static final String REFUSED = "their shared limit of 160 MiB";
  private static final String[] SMALL = {"memory-total", "160M", "calls", "16", "cores", "16"};

  @ParameterizedTest
  @EnumSource
  void bombsThatHoldTheirMemoryLeaveEnoughForModestNeighbours(Engine engine) throws Exception {
    var fixture = new Fixture(engine, SMALL);
    var hold = fixture.load("hold");
    try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      // The shared part has room for one of them; the next is refused.
      var holding = new CountDownLatch(1);
      var first =
          threads.submit(
              () -> {
                var call = Fixture.call((level, line) -> holding.countDown());
                return fixture.host().call(hold, Grant.NONE, "probe", call);
              });
      holding.await();
      for (var bomb : List.of("hold", "grow_memory", "arena_full")) {
        var result = fixture.call(bomb);
        assertTrue(result.isError(), bomb);
        assertTrue(result.joinedText().contains(REFUSED), result::joinedText);
      }
      assertEquals(ToolResult.text("00001001"), fixture.call("count"));
      assertFalse(first.isDone());
      threads.shutdownNow();
    }
    awaitNothingTaken(fixture);
    assertEquals(ToolResult.text("00001024"), fixture.call("grow_memory"));
  }

  @ParameterizedTest
  @EnumSource
  void aStoppedBombFreesItsMemory(Engine engine) throws Exception {
    var fixture = new Fixture(engine, SMALL);
    var hold = fixture.load("hold");
    var calls = new ArrayList<Callable<ToolResult>>();
    for (var i = 0; i < 12; i++) {
      calls.add(
          () -> {
            var deadline = ElapsedClock.now().plusMillis(500);
            var call = new ToolCall("call", Fixture.arguments(Map.of()), deadline, ToolLog.NONE);
            return fixture.host().call(hold, Grant.NONE, "probe", call);
          });
    }
    try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      for (Future<ToolResult> one : threads.invokeAll(calls)) {
        assertTrue(one.get().isError());
      }
    }
    awaitNothingTaken(fixture);
    assertEquals(ToolResult.text("00001024"), fixture.call("grow_memory"));
    assertEquals(ToolResult.text("00001001"), fixture.call("count"));
  }

  /** A call may come back before its servlet has noticed that it is over. */
  private static void awaitNothingTaken(Fixture fixture) {
    var end = System.nanoTime() + Duration.ofMinutes(1).toNanos();
    while (fixture.host().memory().taken() > 0) {
      assertTrue(System.nanoTime() < end, "memory is still taken");
      LockSupport.parkNanos(Duration.ofMillis(2).toNanos());
    }
  }

  @Test
  void aCallHasAPartOfItToItself() {
    var memory = new SharedMemory(16 << 20, 4);
    memory.change(0, 2 << 20);
    assertEquals(0, memory.taken());
    memory.change(2 << 20, 10 << 20);
    assertEquals(8 << 20, memory.taken());
    var refused = assertThrows(CallEnded.Failed.class, () -> memory.change(0, (2 << 20) + 1));
    assertTrue(refused.sentence().contains("16 MiB"), refused::sentence);
    memory.change(0, 2 << 20);
    memory.change(10 << 20, 0);
    assertEquals(0, memory.taken());
  }
}
