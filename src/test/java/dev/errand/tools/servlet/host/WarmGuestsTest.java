package dev.errand.tools.servlet.host;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.errand.base.turn.FairSemaphore;
import dev.errand.base.turn.WorkOwner;
import dev.errand.tools.port.ToolLog;
import dev.errand.tools.port.ToolResult;
import dev.errand.tools.servlet.abi.InvalidServletException;
import dev.errand.tools.servlet.abi.ServletCall;
import dev.errand.tools.servlet.limit.CallMemory;
import dev.errand.tools.servlet.limit.ComputePermit;
import dev.errand.tools.servlet.limit.ComputeThreads;
import dev.errand.tools.servlet.limit.Grant;
import dev.errand.tools.servlet.limit.SharedMemory;
import dev.errand.tools.servlet.module.Engine;
import dev.errand.tools.servlet.module.ServletModule;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Instances that are started before there is a call for them. */
@Timeout(120)
class WarmGuestsTest {
  private static void eventually(BooleanSupplier condition) {
    var end = System.nanoTime() + Duration.ofMinutes(1).toNanos();
    while (!condition.getAsBoolean()) {
      assertTrue(System.nanoTime() < end, "it does not come to pass");
      LockSupport.parkNanos(Duration.ofMillis(2).toNanos());
    }
  }

  private static Fixture early(Engine engine, String... settings) {
    var all = new String[settings.length + 2];
    System.arraycopy(new String[] {"early-from", "0"}, 0, all, 0, 2);
    System.arraycopy(settings, 0, all, 2, settings.length);
    return new Fixture(engine, all);
  }

  // A stack overflows at another place of the same function from call to call.
  private static String withoutOffset(ToolResult result) {
    return result.toString().replaceAll("at offset 0x\\p{XDigit}+", "at an offset");
  }

  @ParameterizedTest
  @EnumSource
  void callsOfInstancesStartedInAdvanceDoNotSeeEachOther(Engine engine) throws Exception {
    var plain = new Fixture(engine, "early", "0");
    var fixture = early(engine);
    for (var name :
        List.of(
            "count",
            "grow_table",
            "drop_data",
            "vars_kept",
            "reactor",
            "haskell",
            "command",
            "wasi",
            "grow_memory_crash",
            "unreachable",
            "recurse",
            "error",
            "arena_strange")) {
      var expected = plain.call(name);
      for (var i = 0; i < 3; i++) {
        assertEquals(withoutOffset(expected), withoutOffset(fixture.call(name)), name);
        var module = fixture.load(name);
        eventually(() -> fixture.host().waiting(module) == 1);
      }
    }
  }

  @Test
  void smallModulesAreNotStartedInAdvance() throws Exception {
    var fixture = new Fixture(Engine.COMPILED);
    for (var i = 0; i < 3; i++) {
      fixture.call("count");
      assertEquals(0, fixture.host().waiting(fixture.load("count")));
    }
  }

  @ParameterizedTest
  @EnumSource
  void aLargeModuleFromGoIsStartedInAdvance(Engine engine) throws Exception {
    var fixture = new Fixture(engine);
    var module = fixture.load("go_probe");
    var call = Fixture.call(ToolLog.NONE);
    var first = fixture.host().call(module, Grant.NONE, "echo", call);
    assertFalse(first.isError(), first::joinedText);
    eventually(() -> fixture.host().waiting(module) == 1);
    assertEquals(first, fixture.host().call(module, Grant.NONE, "echo", call));
  }

  @Test
  void instancesStartedInAdvanceAreUsedOnce() throws Exception {
    var limits = Fixture.limits("early-from", "0");
    var cores = new FairSemaphore(1);
    var guests =
        new WarmGuests(
            limits,
            cores,
            new SharedMemory(1 << 20, 1),
            new SecureRandom(),
            new ComputeThreads(limits.stack()));
    var module = new Fixture(Engine.COMPILED).load("count");
    assertEquals(0, guests.enter(module, WorkOwner.NOBODY).bytes());
    guests.left(module, WorkOwner.NOBODY);
    eventually(() -> guests.waiting(module) == 1);

    // Without an idle core, none follows the one that is taken.
    assertTrue(cores.takeIdle(WorkOwner.NOBODY));
    assertTrue(guests.enter(module, WorkOwner.NOBODY).bytes() > 0);
    assertEquals(0, guests.waiting(module));
    assertEquals(0, guests.enter(module, WorkOwner.NOBODY).bytes());
    guests.left(module, WorkOwner.NOBODY);
    assertEquals(0, guests.waiting(module));

    cores.give(WorkOwner.NOBODY);
    guests.left(module, WorkOwner.NOBODY);
    eventually(() -> guests.waiting(module) == 1);
    eventually(() -> cores.held() == 0);
  }

  @ParameterizedTest
  @EnumSource
  void aModuleThatNeedsItsCallToStartIsStartedForIt(Engine engine) throws Exception {
    var fixture = early(engine);
    for (var i = 0; i < 20; i++) {
      var grant = Fixture.grant(List.of(), Map.of("answer", "x".repeat(i)));
      assertEquals(
          ToolResult.text("%08d".formatted(i)),
          fixture.call("initialize_setting", grant, ToolLog.NONE));
    }
    assertEquals(0, fixture.host().waiting(fixture.load("initialize_setting")));
    assertFalse(startsEarly(fixture.load("initialize_setting")));
    assertTrue(startsEarly(fixture.load("reactor")));
  }

  @ParameterizedTest
  @EnumSource
  void aModuleThatReadsTheTimeOfDayAtItsStartIsStartedForItsCall(Engine engine) throws Exception {
    var fixture = early(engine);
    var module = fixture.load("initialize_time");
    for (var i = 0; i < 20; i++) {
      assertEquals(ToolResult.text("00000001"), fixture.call("initialize_time"));
    }
    assertEquals(0, fixture.host().waiting(module));
    assertFalse(startsEarly(module));
  }

  @ParameterizedTest
  @EnumSource
  void aMonotonicClockStandsStillFromAnInstancesStartToItsCall(Engine engine) throws Exception {
    var fixture = early(engine);
    var module = fixture.load("initialize_clock");
    fixture.call("initialize_clock");
    // Again where the start itself took longer than the instance waited, on a busy machine.
    eventually(
        () -> {
          eventually(() -> fixture.host().waiting(module) == 1);
          var waits = System.nanoTime();
          eventually(() -> System.nanoTime() - waits > 200_000_000);
          var waited = System.nanoTime() - waits;
          return sinceStart(fixture) < waited / 1000;
        });
  }

  private static long sinceStart(Fixture fixture) {
    try {
      return Long.parseLong(fixture.call("initialize_clock").joinedText());
    } catch (InvalidServletException | InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  private static boolean startsEarly(ServletModule module) {
    var limits = Fixture.limits();
    var core = new ComputePermit(new FairSemaphore(1), WorkOwner.NOBODY, limits.queueTime());
    var none =
        new ServletCall(
            limits,
            Grant.NONE,
            core,
            new CallMemory(new SharedMemory(1 << 20, 1)),
            new SecureRandom(),
            false,
            new byte[0]);
    return new Guest(module, limits).startEarly(none);
  }

  @ParameterizedTest
  @EnumSource
  void aStartThatNeverEndsFreesItsCore(Engine engine) throws Exception {
    var fixture =
        early(engine, "wall-time", "PT0.5S", "describe-time", "PT0.5S", "cores", "1", "calls", "1");
    for (var name : List.of("loop_initialize", "loop_start")) {
      assertTrue(fixture.call(name).joinedText().contains("longer than 500 ms"));
      fixture.awaitCount();
      assertEquals(0, fixture.host().waiting(fixture.load(name)));
    }
  }

  @Test
  void theyAreBoundedInNumberInMemoryAndInTime() throws Exception {
    var fixture = early(Engine.COMPILED, "early", "2");
    var modules = new ArrayList<ServletModule>();
    for (var name : List.of("count", "reactor", "grow_table", "drop_data")) {
      fixture.call(name);
      var module = fixture.load(name);
      modules.add(module);
      eventually(() -> fixture.host().waiting(module) == 1);
      assertTrue(modules.stream().mapToInt(fixture.host()::waiting).sum() <= 2);
    }
    assertEquals(0, fixture.host().waiting(modules.getFirst()));

    var small = early(Engine.COMPILED, "early-memory", "100K");
    for (var name : List.of("count", "reactor")) {
      small.call(name);
      eventually(() -> waits(small, name));
    }
    assertFalse(waits(small, "count"));

    var brief = early(Engine.COMPILED, "early-time", "PT1S");
    // Called again until one is seen: on a busy machine it may be gone before it is looked for.
    eventually(() -> waits(brief, "count") || !callsCount(brief));
    eventually(() -> !waits(brief, "count"));
    assertTrue(callsCount(brief));
  }

  @ParameterizedTest
  @EnumSource
  void codeThatTakesMoreMemoryThanTheyMayHasNone(Engine engine) throws Exception {
    var limits = Fixture.limits("early-from", "0", "early-memory", "600K");
    var cores = new FairSemaphore(1);
    var guests =
        new WarmGuests(
            limits,
            cores,
            new SharedMemory(1 << 20, 1),
            new SecureRandom(),
            new ComputeThreads(limits.stack()));
    var module = new Fixture(engine).load("c_echo");
    guests.enter(module, WorkOwner.NOBODY);
    if (engine == Engine.INTERPRETED) {
      // An instance that is being started holds the core.
      assertEquals(0, cores.held() + guests.waiting(module));
    } else {
      eventually(() -> guests.waiting(module) == 1);
    }
    guests.left(module, WorkOwner.NOBODY);
    eventually(() -> guests.waiting(module) == (engine == Engine.INTERPRETED ? 0 : 1));
  }

  private static boolean callsCount(Fixture fixture) {
    try {
      return fixture.call("count").equals(ToolResult.text("00001001"));
    } catch (InvalidServletException | InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  private static boolean waits(Fixture fixture, String name) {
    try {
      return fixture.host().waiting(fixture.load(name)) == 1;
    } catch (InvalidServletException | InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  @ParameterizedTest
  @EnumSource
  void manyCallsAtOnceEachHaveAnInstanceOfTheirOwn(Engine engine) throws Exception {
    var fixture = early(engine, "cores", "4");
    fixture.load("count");
    try (var callers = Executors.newVirtualThreadPerTaskExecutor()) {
      var calls = new ArrayList<Callable<ToolResult>>();
      for (var i = 0; i < 300; i++) {
        calls.add(() -> fixture.call("count"));
      }
      for (var result : callers.invokeAll(calls)) {
        assertEquals(ToolResult.text("00001001"), result.get());
      }
    }
    var module = fixture.load("count");
    eventually(() -> fixture.host().waiting(module) >= 1);
    assertTrue(fixture.host().waiting(module) <= 8);
  }
}
