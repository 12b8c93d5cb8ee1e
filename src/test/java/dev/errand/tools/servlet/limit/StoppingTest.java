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
import java.util.ArrayList;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Calls that end before the servlet does. */
@Timeout(120)
class StoppingTest {
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
  void interruptingTheCallerStopsAServletThatHasGivenWay(Engine engine) throws Exception {
    var fixture = new Fixture(engine, "cores", "1", "wall-time", "PT30M");
    var module = fixture.load("loop_log");
    var callers = new ArrayList<Thread>();
    for (var i = 0; i < 3; i++) {
      var running = new CountDownLatch(1);
      callers.add(
          Thread.ofVirtual()
              .start(
                  () ->
                      assertThrows(
                          InterruptedException.class,
                          () ->
                              fixture
                                  .host()
                                  .call(
                                      module,
                                      Grant.NONE,
                                      "probe",
                                      Fixture.call((level, line) -> running.countDown())))));
      running.await();
    }
    for (var caller : callers) {
      caller.interrupt();
      caller.join();
    }
    assertEquals(0, fixture.host().queued());
    assertEquals(ToolResult.text("00001001"), fixture.call("count"));
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
            "call_2", Fixture.arguments(Map.of()), ElapsedClock.now().plusMillis(50), ToolLog.NONE);
    var result = fixture.host().call(module, Grant.NONE, "probe", late);
    assertTrue(result.joinedText().contains("Too many tools"), result::joinedText);
    first.interrupt();
    first.join();
  }
}
