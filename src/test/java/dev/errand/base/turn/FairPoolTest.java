package dev.errand.base.turn;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.errand.adapters.console.page.DiffLine;
import dev.errand.base.cel.Condition;
import dev.errand.base.error.ApiException;
import dev.errand.base.error.ErrorCode;
import dev.errand.base.http.ClientPresence;
import dev.errand.models.output.SchemaCheck;
import dev.errand.runs.prompt.BuiltInValues;
import dev.errand.runs.prompt.Prompt;
import dev.errand.support.Eventually;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Supplier;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Work of several users that wants the same few threads. */
@Timeout(120)
class FairPoolTest {
  private static final WorkOwner HOSTILE = new WorkOwner("hostile", "p", "");
  private static final WorkOwner CALM = new WorkOwner("calm", "p", "");
  private static final Duration LONG = Duration.ofHours(1);
  private static final int MOST = 16;

  private final ExecutorService requests = Executors.newVirtualThreadPerTaskExecutor();
  private final Queue<Runnable> departures = new ConcurrentLinkedQueue<>();
  private final Queue<FairPool> pools = new ConcurrentLinkedQueue<>();

  @AfterEach
  void stop() throws InterruptedException {
    pools.forEach(FairPool::close);
    requests.shutdownNow();
    assertTrue(requests.awaitTermination(1, TimeUnit.MINUTES));
  }

  private FairPool pool(int threads, Duration patience, Duration longest) {
    FairPool pool =
        new FairPool(
            "test",
            new FairPool.Limits(threads, MOST, patience, longest),
            then -> {
              departures.add(then);
              return ClientPresence.Watch.NONE;
            });
    pools.add(pool);
    return pool;
  }

  /** Work without an end, which looks whether it was stopped. */
  private Future<String> endless(FairPool pool, WorkOwner owner, CountDownLatch begun) {
    return requests.submit(
        () ->
            pool.call(
                owner,
                () -> {
                  begun.countDown();
                  return forEver();
                }));
  }

  private static String forEver() {
    while (true) {
      FairPool.check();
      Thread.onSpinWait();
    }
  }

  private static ApiException refusal(Future<String> work) {
    ExecutionException failed = assertThrows(ExecutionException.class, work::get);
    return assertInstanceOf(ApiException.class, failed.getCause());
  }

  private static void isToBeSentAgain(ApiException refusal) {
    assertEquals(ErrorCode.UNAVAILABLE, refusal.code());
    assertTrue(refusal.headers().containsKey("Retry-After"), refusal::getMessage);
  }

  @Test
  void oneUserLeavesAThreadToTheOthersAndWaitsWithAFewRequests() throws Exception {
    FairPool pool = pool(2, LONG, LONG);
    CountDownLatch begun = new CountDownLatch(1);
    List<Future<String>> hostile = new ArrayList<>();
    for (int i = 0; i < MOST; i++) {
      // In profiles of their own, which are one user's.
      hostile.add(endless(pool, new WorkOwner("hostile", "p" + i, ""), begun));
    }
    begun.await();
    Eventually.await("all others wait", () -> pool.waiting() == MOST - 1);
    assertEquals(1, pool.used());
    ApiException refused =
        assertThrows(ApiException.class, () -> pool.call(HOSTILE, FairPoolTest::forEver));
    isToBeSentAgain(refused);
    assertEquals(1, pool.refused());
    for (int i = 0; i < 3; i++) {
      assertEquals("done", pool.call(CALM, () -> "done"));
    }
    assertFalse(hostile.stream().anyMatch(Future::isDone));
  }

  @Test
  void longWorkOfSeveralUsersLetsOthersGoOn() throws Exception {
    FairPool pool = pool(2, Duration.ofSeconds(30), LONG);
    CountDownLatch begun = new CountDownLatch(2);
    Future<String> one = endless(pool, new WorkOwner("one", "p", ""), begun);
    Future<String> two = endless(pool, new WorkOwner("two", "p", ""), begun);
    begun.await();
    for (int i = 0; i < 3; i++) {
      assertEquals("done", pool.call(CALM, () -> "done"));
    }
    assertFalse(one.isDone() || two.isDone());
    Eventually.await("both go on", () -> pool.used() == 2 && pool.waiting() == 0);
    departures.forEach(Runnable::run);
    refusal(one);
    refusal(two);
    Eventually.await("no turn is left", () -> pool.used() == 0);
  }

  @Test
  void workThatLetsOthersGoOnIsEndedMeanwhile() throws Exception {
    FairPool pool = pool(1, LONG, LONG);
    CountDownLatch begun = new CountDownLatch(1);
    Future<String> paused = endless(pool, HOSTILE, begun);
    begun.await();
    Runnable leaves = departures.remove();
    CountDownLatch over = new CountDownLatch(1);
    CountDownLatch others = new CountDownLatch(1);
    Future<String> other =
        requests.submit(
            () ->
                pool.call(
                    CALM,
                    () -> {
                      others.countDown();
                      awaitQuietly(over);
                      return "done";
                    }));
    assertTrue(others.await(1, TimeUnit.MINUTES), "the other one has the turn");
    assertEquals(1, pool.waiting(), "and the first one waits");
    leaves.run();
    refusal(paused);
    Eventually.await("the first one waits no more", () -> pool.waiting() == 0);
    assertEquals(1, pool.used(), "the turn is the other's");
    over.countDown();
    assertEquals("done", other.get());
    Eventually.await("no turn is left", () -> pool.used() == 0);
  }

  @Test
  void workThatGoesOnAfterItsEndGivesItsTurnBackOnce() throws Exception {
    FairPool pool = pool(1, LONG, LONG);
    CountDownLatch begun = new CountDownLatch(1);
    AtomicInteger ends = new AtomicInteger();
    Future<String> deaf =
        requests.submit(
            () ->
                pool.call(
                    HOSTILE,
                    () -> {
                      begun.countDown();
                      while (true) {
                        try {
                          forEver();
                        } catch (WorkStoppedException e) {
                          if (ends.incrementAndGet() == 3) {
                            throw e;
                          }
                          // As libraries do, which take it for a failure of a part of their work.
                          boolean _ = Thread.interrupted();
                        }
                      }
                    }));
    begun.await();
    Runnable leaves = departures.remove();
    CountDownLatch over = new CountDownLatch(1);
    List<Future<String>> others = new ArrayList<>();
    AtomicInteger atOnce = new AtomicInteger();
    others.add(requests.submit(() -> pool.call(CALM, () -> counted(atOnce, over))));
    Eventually.await("another one has the turn", () -> atOnce.get() == 1);
    for (int i = 0; i < 3; i++) {
      WorkOwner owner = new WorkOwner("other" + i, "p", "");
      others.add(requests.submit(() -> pool.call(owner, () -> counted(atOnce, over))));
    }
    Eventually.await("and the first one waits with the rest", () -> pool.waiting() == 4);
    leaves.run();
    refusal(deaf);
    Eventually.await("the first one ends", () -> ends.get() == 3 || atOnce.get() > 1);
    assertEquals(1, atOnce.get(), "as many at once as there are threads");
    Eventually.await("and waits no more", () -> pool.waiting() == 3);
    over.countDown();
    for (Future<String> other : others) {
      assertEquals("done", other.get());
    }
    Eventually.await("no turn is left", () -> pool.used() == 0);
    CountDownLatch again = new CountDownLatch(1);
    List<Future<String>> round = new ArrayList<>();
    for (int i = 0; i < 4; i++) {
      WorkOwner owner = new WorkOwner("again" + i, "p", "");
      round.add(requests.submit(() -> pool.call(owner, () -> counted(atOnce, again))));
    }
    Eventually.await("all but one of a further round wait", () -> pool.waiting() == 3);
    assertEquals(1, pool.used());
    again.countDown();
    for (Future<String> each : round) {
      assertEquals("done", each.get());
    }
    Eventually.await("no turn is left", () -> pool.used() == 0);
  }

  /** Work that does not look whether others wait, and counts what is done meanwhile. */
  private static String counted(AtomicInteger atOnce, CountDownLatch over) {
    atOnce.incrementAndGet();
    awaitQuietly(over);
    atOnce.decrementAndGet();
    return "done";
  }

  private static void awaitQuietly(CountDownLatch over) {
    try {
      over.await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  @Test
  void workIsOnThreadsOfItsOwnWithoutThoseOfRequests() {
    FairPool pool = pool(2, LONG, LONG);
    AtomicReference<@Nullable Thread> worked = new AtomicReference<>();
    pool.call(
        CALM,
        () -> {
          worked.set(Thread.currentThread());
          // A part of it has no turn of its own.
          return pool.call(
              CALM, () -> pool.call(CALM, () -> worked.get() == Thread.currentThread()));
        });
    Thread worker = Objects.requireNonNull(worked.get());
    assertFalse(worker.isVirtual());
    assertTrue(worker.isDaemon());
    assertEquals("errand-test", worker.getName());
  }

  @Test
  void whatTheWorkThrowsIsThrown() {
    FairPool pool = pool(1, LONG, LONG);
    IllegalStateException thrown = new IllegalStateException("broken");
    assertEquals(
        thrown,
        assertThrows(
            IllegalStateException.class,
            () ->
                pool.call(
                    CALM,
                    () -> {
                      throw thrown;
                    })));
    assertThrows(StackOverflowError.class, () -> pool.call(CALM, FairPoolTest::deep));
    assertEquals("done", pool.call(CALM, () -> "done"));
  }

  @SuppressWarnings("InfiniteRecursion")
  private static String deep() {
    return deep() + ".";
  }

  @Test
  void workEndsWhenItsClientLeaves() throws Exception {
    FairPool pool = pool(1, LONG, LONG);
    CountDownLatch begun = new CountDownLatch(1);
    Future<String> first = endless(pool, HOSTILE, begun);
    begun.await();
    Future<String> second = endless(pool, HOSTILE, new CountDownLatch(1));
    Eventually.await("the second waits", () -> pool.waiting() == 1);
    // The one that waits, too: its turn never came.
    departures.forEach(Runnable::run);
    refusal(first);
    refusal(second);
    assertEquals("done", pool.call(CALM, () -> "done"));
    assertEquals(0, pool.used());
    assertEquals(0, pool.waiting());
    assertEquals(0, pool.refused(), "nobody was refused");
  }

  @Test
  void allThatIsComputedForRequestsLooksWhetherItWasStopped() {
    FairPool pool = pool(1, LONG, LONG);
    JsonNodeFactory json = JsonNodeFactory.instance;
    ArrayNode list = json.arrayNode();
    ObjectNode object = json.objectNode();
    for (int i = 0; i < 1000; i++) {
      list.add(i);
      object.put("p" + i, i);
    }
    Condition condition =
        Condition.of("payload.all(a, a < 1000)", Map.of("payload", Condition.Type.ANY));
    isStopped(pool, () -> condition.check(Map.of("payload", list)));
    isStopped(pool, () -> SchemaCheck.misfits(json.objectNode().put("minProperties", 1), object));
    List<String> lines = IntStream.range(0, 100).mapToObj(Integer::toString).toList();
    isStopped(pool, () -> DiffLine.between(lines, lines.reversed()));
    Prompt prompt = Prompt.parse("prompt", "{{ #list }}{{ #list }}.{{ /list }}{{ /list }}");
    isStopped(
        pool,
        () -> prompt.render(json.objectNode().set("list", list.deepCopy()), BuiltInValues.of("")));
    assertEquals("done", pool.call(CALM, () -> "done"));
  }

  private static void isStopped(FairPool pool, Supplier<?> work) {
    isToBeSentAgain(
        assertThrows(
            ApiException.class,
            () ->
                pool.call(
                    CALM,
                    () -> {
                      // As the pool does when the client leaves.
                      Thread.currentThread().interrupt();
                      return work.get();
                    })));
  }

  @Test
  void workThatTakesTooLongIsEndedAndItsThreadIsFree() throws Exception {
    FairPool pool = pool(1, LONG, Duration.ofMillis(20));
    isToBeSentAgain(
        assertThrows(ApiException.class, () -> pool.call(HOSTILE, FairPoolTest::forEver)));
    // On a busy machine, even this may take longer than the other was given.
    assertEquals("done", pool.call(CALM, LONG, LONG, () -> "done"));
    assertEquals(1, pool.refused());
  }

  @Test
  void whatDoesNotGetItsTurnInTimeIsRefused() throws Exception {
    FairPool pool = pool(1, Duration.ofMillis(20), LONG);
    CountDownLatch begun = new CountDownLatch(1);
    CountDownLatch over = new CountDownLatch(1);
    Future<String> hostile =
        requests.submit(
            () ->
                pool.call(
                    HOSTILE,
                    () -> {
                      begun.countDown();
                      // It does not look whether others wait.
                      awaitQuietly(over);
                      return "done";
                    }));
    begun.await();
    isToBeSentAgain(assertThrows(ApiException.class, () -> pool.call(CALM, () -> "done")));
    assertFalse(hostile.isDone());
    over.countDown();
    assertEquals("done", hostile.get());
  }

  @Test
  void aProcessThatStopsEndsWhatIsUnderWayAndGivesTheRestLittleTime() throws Exception {
    FairPool pool = pool(1, LONG, LONG);
    CountDownLatch begun = new CountDownLatch(1);
    Future<String> first = endless(pool, HOSTILE, begun);
    begun.await();
    Future<String> second = endless(pool, HOSTILE, new CountDownLatch(1));
    Eventually.await("the second waits", () -> pool.waiting() == 1);
    pool.leave();
    isToBeSentAgain(refusal(first));
    isToBeSentAgain(refusal(second));
    assertEquals("done", pool.call(CALM, () -> "done"));
    assertThrows(ApiException.class, () -> pool.call(HOSTILE, FairPoolTest::forEver));
    pool.close();
    isToBeSentAgain(assertThrows(ApiException.class, () -> pool.call(CALM, () -> "done")));
  }
}
