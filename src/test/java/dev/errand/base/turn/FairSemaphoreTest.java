package dev.errand.base.turn;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.errand.base.egress.client.GuardedHttp;
import dev.errand.base.error.ApiException;
import dev.errand.base.error.ErrorCode;
import dev.errand.tools.port.ToolLog;
import dev.errand.tools.port.ToolResult;
import dev.errand.tools.servlet.host.Fixture;
import dev.errand.tools.servlet.limit.Grant;
import dev.errand.tools.servlet.limit.HttpBudget;
import dev.errand.tools.servlet.module.Engine;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Calls of several users, profiles and installations that want the same few cores. */
@Timeout(120)
class FairSemaphoreTest {
  private static final WorkOwner LOOPS = new WorkOwner("loops", "p", "i");
  private static final WorkOwner MODEST = new WorkOwner("modest", "p", "i");
  private static final long FOR_EVER = TimeUnit.DAYS.toNanos(1);

  private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();

  @AfterEach
  void stop() throws InterruptedException {
    threads.shutdownNow();
    assertTrue(threads.awaitTermination(1, TimeUnit.MINUTES));
  }

  private static void eventually(BooleanSupplier condition) {
    var end = System.nanoTime() + Duration.ofMinutes(1).toNanos();
    while (!condition.getAsBoolean()) {
      assertTrue(System.nanoTime() < end, "it does not come to pass");
      LockSupport.parkNanos(Duration.ofMillis(2).toNanos());
    }
  }

  private static Grant grant(WorkOwner owner) {
    return new Grant(List.of("example.test"), Map.of(), HttpBudget.UNLIMITED, owner);
  }

  /** Starts an endless call; the latch is down once it runs. */
  private CountDownLatch loop(Fixture fixture, WorkOwner owner) throws Exception {
    var module = fixture.load("loop_log");
    var running = new CountDownLatch(1);
    var ignored =
        threads.submit(
            () ->
                fixture
                    .host()
                    .call(
                        module,
                        grant(owner),
                        "probe",
                        Fixture.call((level, line) -> running.countDown())));
    return running;
  }

  @ParameterizedTest
  @EnumSource
  void endlessCallsOfOneUserLeaveACoreToTheOthers(Engine engine) throws Exception {
    var fixture = new Fixture(engine, "cores", "2", "calls", "8", "wall-time", "PT30M");
    loop(fixture, LOOPS).await();
    // In a profile of its own each, and more than there can be calls.
    for (var i = 0; i < 12; i++) {
      loop(fixture, new WorkOwner("loops", "p" + i, "i"));
    }
    eventually(() -> fixture.host().queued() == 6);
    for (var i = 0; i < 3; i++) {
      assertEquals(ToolResult.text("00001001"), fixture.call("count", grant(MODEST), ToolLog.NONE));
    }
    assertEquals(
        "probe",
        fixture.host().describe(fixture.load("count"), WorkOwner.user("me")).getFirst().name());
  }

  @ParameterizedTest
  @EnumSource
  void endlessCallsOfOneInstallationLeaveACoreToTheRestOfItsProfile(Engine engine)
      throws Exception {
    var fixture = new Fixture(engine, "cores", "3", "wall-time", "PT30M");
    loop(fixture, LOOPS).await();
    for (var i = 0; i < 5; i++) {
      loop(fixture, LOOPS);
    }
    eventually(() -> fixture.host().queued() == 5);
    var other = grant(new WorkOwner("loops", "p", "j"));
    assertEquals(ToolResult.text("00001001"), fixture.call("count", other, ToolLog.NONE));
  }

  @ParameterizedTest
  @EnumSource
  void aShortCallOvertakesEndlessOnesOfItsInstallation(Engine engine) throws Exception {
    var fixture = new Fixture(engine, "cores", "1", "wall-time", "PT30M");
    for (var i = 0; i < 6; i++) {
      loop(fixture, LOOPS).await();
    }
    for (var i = 0; i < 3; i++) {
      assertEquals(ToolResult.text("00001001"), fixture.call("count", grant(LOOPS), ToolLog.NONE));
    }
    assertEquals(5, fixture.host().queued());
  }

  @ParameterizedTest
  @EnumSource
  void callsThatYieldToEachOtherReturnTheirOwnResults(Engine engine) throws Exception {
    var fixture = new Fixture(engine, "cores", "1", "time-slice", "PT0.001S");
    var digest = engine == Engine.COMPILED ? "c_sha256" : "count";
    var tool = engine == Engine.COMPILED ? "sha256" : "probe";
    var alone = fixture.call(digest, tool, grant(MODEST), ToolLog.NONE);
    assertFalse(alone.isError(), alone::joinedText);
    var results = new ArrayList<Future<ToolResult>>();
    for (var i = 0; i < 20; i++) {
      results.add(threads.submit(() -> fixture.call(digest, tool, grant(MODEST), ToolLog.NONE)));
    }
    for (var result : results) {
      assertEquals(alone, result.get());
    }
  }

  @ParameterizedTest
  @EnumSource
  void timeThatACallGaveToOthersIsNotItsOwn(Engine engine) throws Exception {
    var fixture = new Fixture(engine, "cores", "1", "wall-time", "PT0.3S");
    var module = fixture.load("loop_br");
    var results = new ArrayList<Future<ToolResult>>();
    for (var i = 0; i < 4; i++) {
      results.add(
          threads.submit(
              () ->
                  fixture.host().call(module, grant(LOOPS), "probe", Fixture.call(ToolLog.NONE))));
    }
    for (var result : results) {
      assertTrue(result.get().joinedText().contains("longer than 300 ms"));
    }
    assertEquals(0, fixture.host().queued());
  }

  @ParameterizedTest
  @EnumSource
  void waitingForACoreAfterARequestTakesNothingOfACallsTime(Engine engine) throws Exception {
    var fixture = new Fixture[1];
    GuardedHttp network =
        request -> {
          try {
            // It has the only core until its own time is over, which is after that of the other.
            loop(fixture[0], LOOPS).await();
          } catch (Exception e) {
            throw new IllegalStateException(e);
          }
          return new GuardedHttp.Answer(
              200, Map.of(), new byte[0], URI.create("http://example.test/"));
        };
    fixture[0] =
        new Fixture(engine, network, "cores", "1", "time-slice", "PT30M", "wall-time", "PT3S");
    fixture[0].load("loop_log");
    assertEquals(ToolResult.text("00000200"), fixture[0].call("http", grant(MODEST), ToolLog.NONE));
  }

  @ParameterizedTest
  @EnumSource
  void aCallWithoutAPermitIsRefused(Engine engine) throws Exception {
    var fixture =
        new Fixture(
            engine,
            "cores",
            "1",
            "time-slice",
            "PT30M",
            "queue-time",
            "PT0.1S",
            "wall-time",
            "PT30M");
    loop(fixture, LOOPS).await();
    var result = fixture.call("count", grant(MODEST), ToolLog.NONE);
    assertTrue(result.isError());
    assertTrue(result.joinedText().contains("longer than 100 ms for its turn"), result::joinedText);
    var module = fixture.load("count");
    var refused =
        assertThrows(
            ApiException.class, () -> fixture.host().describe(module, WorkOwner.user("me")));
    assertEquals(ErrorCode.UNAVAILABLE, refused.code());
  }

  @ParameterizedTest
  @EnumSource
  void aCallThatGetsNoCoreBackIsStopped(Engine engine) throws Exception {
    var fixture = new Fixture[1];
    GuardedHttp network =
        request -> {
          try {
            loop(fixture[0], LOOPS).await();
          } catch (Exception e) {
            throw new IllegalStateException(e);
          }
          return new GuardedHttp.Answer(
              200, Map.of(), new byte[0], URI.create("http://example.test/"));
        };
    fixture[0] =
        new Fixture(
            engine,
            network,
            "cores",
            "1",
            "time-slice",
            "PT30M",
            "queue-time",
            "PT1S",
            "wall-time",
            "PT30M");
    fixture[0].load("loop_log");
    var result = fixture[0].call("http", grant(MODEST), ToolLog.NONE);
    assertTrue(
        result.joinedText().contains("waited longer than 1 second in all"), result::joinedText);
  }

  @ParameterizedTest
  @EnumSource
  void theWaitsOfARunningCallTogetherAreBounded(Engine engine) throws Exception {
    var fixture =
        new Fixture(
            engine,
            "cores",
            "1",
            "time-slice",
            "PT0.1S",
            "queue-time",
            "PT1S",
            "wall-time",
            "PT30M");
    var module = fixture.load("loop_br");
    var ended = new LinkedBlockingQueue<ToolResult>();
    for (var i = 0; i < 2; i++) {
      var ignored =
          threads.submit(
              () ->
                  ended.add(
                      fixture
                          .host()
                          .call(module, grant(LOOPS), "probe", Fixture.call(ToolLog.NONE))));
    }
    // Each waits for a time slice or two at a time.
    assertEquals(
        ToolResult.error(
            "The tool was stopped because too many tools are running: it waited longer than 1"
                + " second in all for a core; call it again later."),
        ended.take());
  }

  @Test
  void usersTakeTurnsAndTheirProfilesAndInstallationsWithinThem() throws Exception {
    var turns = new FairSemaphore(1);
    var served = new LinkedBlockingQueue<String>();
    var first = named("ap1");
    assertTrue(turns.take(first, FOR_EVER));
    var queue = List.of("ap1", "ap1", "ap2", "aq1", "aq1", "bp1", "bq1");
    for (var i = 0; i < queue.size(); i++) {
      var name = queue.get(i);
      var ignored = threads.submit(() -> served.add(take(turns, named(name))));
      var waiting = i + 1;
      eventually(() -> turns.waiting() == waiting);
    }
    turns.give(first);
    var order = new ArrayList<String>();
    for (var i = 0; i < queue.size(); i++) {
      order.add(next(turns, served));
    }
    assertEquals(List.of("bp1", "aq1", "bq1", "ap2", "aq1", "ap1", "ap1"), order);
    assertEquals(0, turns.held());
  }

  @Test
  void anInstallationAtItsMostDoesNotHoldUpAnotherUser() throws Exception {
    var turns = new FairSemaphore(4);
    for (var name : List.of("bp1", "bp2", "ap1", "ap1")) {
      assertTrue(turns.take(named(name), 0));
    }
    var served = new LinkedBlockingQueue<String>();
    for (var name : List.of("ap1", "bp1")) {
      var before = turns.waiting();
      var ignored = threads.submit(() -> served.add(take(turns, named(name))));
      eventually(() -> turns.waiting() == before + 1);
    }
    turns.give(named("bp2"));
    // The other user was served earlier, but an installation of theirs has its most.
    assertEquals("bp1", served.take());
    turns.give(named("ap1"));
    assertEquals("ap1", served.take());
  }

  /** The user, profile and installation of a letter each. */
  private static WorkOwner named(String name) {
    return new WorkOwner(name.substring(0, 1), name.substring(1, 2), name.substring(2));
  }

  /** A waiter that has used so many slices, and is named by that. */
  private void waits(FairSemaphore turns, BlockingQueue<Long> served, WorkOwner owner, long used) {
    var before = turns.waiting();
    var ignored =
        threads.submit(
            () -> {
              assertTrue(turns.take(owner, used(used, before), FOR_EVER));
              return served.add(used);
            });
    eventually(() -> turns.waiting() == before + 1);
  }

  private static WorkProgress used(long seconds, long since) {
    return new WorkProgress(Duration.ofSeconds(seconds).toNanos(), since);
  }

  @Test
  void longCallsGoInTheOrderInWhichTheyBegan() throws Exception {
    var turns = new FairSemaphore(1, Duration.ofSeconds(1));
    var served = new LinkedBlockingQueue<Long>();
    assertTrue(turns.take(LOOPS, used(300, -1), FOR_EVER));
    for (var used : List.of(500L, 127L, 128L, 200L)) {
      waits(turns, served, LOOPS, used);
    }
    // The eldest keeps its permit.
    assertTrue(turns.pass(LOOPS, used(301, -1), 0));
    assertTrue(turns.pass(LOOPS, used(302, -1), 0));
    var order = new ArrayList<Long>();
    for (var i = 0; i < 4; i++) {
      turns.give(LOOPS);
      order.add(served.take());
    }
    assertEquals(List.of(500L, 127L, 128L, 200L), order);
  }

  @Test
  void theCallThatUsedTheFewestSlicesGoesFirstAndEveryFifthTimeTheEldest() throws Exception {
    var turns = new FairSemaphore(1, Duration.ofSeconds(1));
    var served = new LinkedBlockingQueue<Long>();
    assertTrue(turns.take(LOOPS, FOR_EVER));
    for (var used : List.of(9L, 8L, 0L, 2L, 1L, 0L, 3L, 5L)) {
      waits(turns, served, LOOPS, used);
    }
    var order = new ArrayList<Long>();
    for (var i = 0; i < 8; i++) {
      turns.give(LOOPS);
      order.add(served.take());
    }
    assertEquals(List.of(0L, 0L, 1L, 9L, 2L, 3L, 5L, 8L), order);
  }

  @Test
  void theShareOfAUserDoesNotDependOnHowLittleTheCallsOfAnotherUse() throws Exception {
    var turns = new FairSemaphore(1, Duration.ofSeconds(1));
    var served = new LinkedBlockingQueue<Long>();
    assertTrue(turns.take(MODEST, FOR_EVER));
    for (var i = 0; i < 4; i++) {
      waits(turns, served, LOOPS, 0);
    }
    waits(turns, served, MODEST, 7);
    turns.give(MODEST);
    assertEquals(0, served.take());
    turns.give(LOOPS);
    assertEquals(7, served.take());
    turns.give(MODEST);
    assertEquals(0, served.take());
  }

  @Test
  void aPassedPermitReturnsUnlessAnotherWaits() throws Exception {
    var turns = new FairSemaphore(3, Duration.ofSeconds(1));
    assertTrue(turns.pass(taken(turns, MODEST), used(1, 0), 0));
    assertTrue(turns.take(new WorkOwner("loops", "p", "i"), 0));
    assertTrue(turns.take(new WorkOwner("loops", "p", "j"), 0));
    var served = new LinkedBlockingQueue<Long>();
    waits(turns, served, new WorkOwner("loops", "p", "k"), 0);
    // The user of the one that waits has two permits already.
    assertTrue(turns.pass(MODEST, used(1, 0), 0));
    assertEquals(1, turns.waiting());
    // Among their own it comes first.
    assertFalse(turns.pass(new WorkOwner("loops", "p", "i"), used(1, 0), 0));
    assertEquals(0, served.take());
    assertEquals(3, turns.held());
  }

  private static WorkOwner taken(FairSemaphore turns, WorkOwner owner) throws InterruptedException {
    assertTrue(turns.take(owner, 0));
    return owner;
  }

  private static String take(FairSemaphore turns, WorkOwner owner) throws InterruptedException {
    assertTrue(turns.take(owner, FOR_EVER));
    return owner.user() + owner.profile() + owner.part();
  }

  private static String next(FairSemaphore turns, BlockingQueue<String> served)
      throws InterruptedException {
    var name = served.take();
    turns.give(named(name));
    return name;
  }

  @Test
  void noOwnerGetsAllPermitsAndOneStaysForOthers() throws Exception {
    var turns = new FairSemaphore(4);
    assertTrue(turns.take(named("ap1"), 0));
    assertTrue(turns.take(named("ap1"), 0));
    assertFalse(turns.take(named("ap1"), 0));
    assertTrue(turns.take(named("ap2"), 0));
    assertFalse(turns.takeIdle(named("aq1")));
    assertTrue(turns.takeIdle(named("bp1")));
    assertFalse(turns.take(named("cp1"), 0));
    turns.give(named("ap1"));
    assertTrue(turns.take(named("cp1"), 0));
    assertEquals(0, turns.waiting());
    assertEquals(4, turns.held());
  }
}
