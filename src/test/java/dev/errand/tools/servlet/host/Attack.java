package dev.errand.tools.servlet.host;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.errand.base.egress.client.GuardedHttp;
import dev.errand.base.limit.ElapsedClock;
import dev.errand.tools.port.ToolCall;
import dev.errand.tools.port.ToolLog;
import dev.errand.tools.port.ToolResult;
import dev.errand.tools.servlet.limit.Grant;
import dev.errand.tools.servlet.module.Engine;
import dev.errand.tools.servlet.module.ServletModule;
import java.lang.management.ManagementFactory;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.concurrent.locks.LockSupport;

/**
 * A hostile servlet on a host that has one core and room for one call, so that the next call misses
 * whatever this one keeps of them.
 */
public final class Attack {
  /** How long endless calls are given. */
  private static final Duration TIME = Duration.ofMillis(300);

  /**
   * Far more than a stop takes, also where a collection of garbage holds all up; what a call that
   * went on would keep, the next call misses.
   */
  private static final Duration STOPPED_WITHIN = Duration.ofMinutes(1);

  private static final long MOST_LEFT_BYTES = 10L << 20;
  private static final Duration PATIENCE = Duration.ofMinutes(1);

  private final Fixture fixture;
  private final ServletModule hostile;
  private final ServletModule good;

  public Attack(Engine engine, String servlet, String... settings) throws Exception {
    this(engine, Fixture.NO_HTTP, servlet, settings);
  }

  public Attack(Engine engine, GuardedHttp http, String servlet, String... settings)
      throws Exception {
    var all = new String[settings.length + 4];
    System.arraycopy(new String[] {"cores", "1", "calls", "1"}, 0, all, 0, 4);
    System.arraycopy(settings, 0, all, 4, settings.length);
    this.fixture = new Fixture(engine, http, all);
    this.hostile = fixture.load(servlet);
    this.good = fixture.load("count");
  }

  /** Calls it with time without end, and expects a failure that says this. */
  public void failsWith(String sentence) throws Exception {
    fails(sentence, Instant.MAX, Grant.NONE, "probe", Map.of());
  }

  /** Calls a tool of it, and expects a failure that says this. */
  public void failsWith(String sentence, Grant grant, String tool, Map<String, String> arguments)
      throws Exception {
    fails(sentence, Instant.MAX, grant, tool, arguments);
  }

  /** Calls it, and expects that its time ends it. */
  public void isStoppedAtItsTime() throws Exception {
    isStoppedAtItsTime(Grant.NONE, "probe", Map.of());
  }

  /** Calls a tool of it, and expects that its time ends it. */
  public void isStoppedAtItsTime(Grant grant, String tool, Map<String, String> arguments)
      throws Exception {
    var start = System.nanoTime();
    fails(
        "The tool was stopped because the time for this call was over.",
        ElapsedClock.now().plus(TIME),
        grant,
        tool,
        arguments);
    var took = Duration.ofNanos(System.nanoTime() - start);
    assertTrue(took.compareTo(TIME.plus(STOPPED_WITHIN)) < 0, took::toString);
  }

  /** Calls it twice, and expects what is left of the second call to be next to nothing. */
  public void failsAndLeavesTheHeapAsItWas(String sentence) throws Exception {
    failsAndLeavesTheHeapAsItWas(sentence, Grant.NONE, "probe", Map.of());
  }

  /**
   * Calls a tool of it twice, and expects what is left of the second call to be next to nothing.
   */
  public void failsAndLeavesTheHeapAsItWas(
      String sentence, Grant grant, String tool, Map<String, String> arguments) throws Exception {
    fails(sentence, Instant.MAX, grant, tool, arguments);
    var before = usedHeap();
    fails(sentence, Instant.MAX, grant, tool, arguments);
    var end = System.nanoTime() + PATIENCE.toNanos();
    var left = usedHeap() - before;
    while (left > MOST_LEFT_BYTES && System.nanoTime() < end) {
      LockSupport.parkNanos(Duration.ofMillis(100).toNanos());
      left = usedHeap() - before;
    }
    assertTrue(left <= MOST_LEFT_BYTES, left + " bytes are left");
  }

  private void fails(
      String sentence, Instant deadline, Grant grant, String tool, Map<String, String> arguments)
      throws Exception {
    var call = new ToolCall("call_1", Fixture.arguments(arguments), deadline, ToolLog.NONE);
    var result = fixture.host().call(hostile, grant, tool, call);
    assertTrue(result.isError(), result::joinedText);
    assertFalse(result.joinedText().isBlank());
    assertTrue(result.joinedText().contains(sentence), result::joinedText);
    assertEquals(
        ToolResult.text("00001001"),
        fixture.host().call(good, Grant.NONE, "probe", Fixture.call(ToolLog.NONE)));
  }

  private static long usedHeap() {
    var memory = ManagementFactory.getMemoryMXBean();
    memory.gc();
    return memory.getHeapMemoryUsage().getUsed();
  }
}
