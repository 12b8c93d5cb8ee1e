package dev.errand.tools.servlet.limit;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.errand.base.turn.FairSemaphore;
import dev.errand.base.turn.WorkOwner;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
class ComputeThreadTest {
  private static final WorkOwner OWNER = new WorkOwner("u", "p", "i");

  private final FairSemaphore cores = new FairSemaphore(2, Duration.ofMillis(1));
  private final ComputeThreads threads = new ComputeThreads(0);
  private final CountDownLatch due = new CountDownLatch(1);

  /** Runs an action on a thread that should share its core with a call that waits. */
  private boolean givesWay(Runnable action) throws InterruptedException {
    assertTrue(cores.take(OWNER, 0));
    var permit = new ComputePermit(cores, OWNER, Duration.ofSeconds(30));
    var overtaken = new AtomicBoolean();
    var call =
        new Computation(
            "call",
            permit,
            () -> {
              try {
                due.await();
              } catch (InterruptedException e) {
                throw new AssertionError(e);
              }
              action.run();
              overtaken.set(cores.waiting() == 0);
              permit.release();
              return true;
            });
    threads.start(call);
    var other =
        Thread.ofVirtual()
            .start(
                () -> {
                  try {
                    assertTrue(cores.take(OWNER, TimeUnit.SECONDS.toNanos(30)));
                    cores.give(OWNER);
                  } catch (InterruptedException e) {
                    throw new AssertionError(e);
                  }
                });
    while (!permit.due()) {
      Thread.onSpinWait();
    }
    call.share();
    due.countDown();
    assertTrue(call.endsWithin(TimeUnit.SECONDS.toNanos(30)));
    other.join();
    return overtaken.get();
  }

  @Test
  void aCallGivesWayWhereItSaysThatItCan() throws InterruptedException {
    assertTrue(givesWay(() -> assertFalse(ComputeThread.isStopped())));
  }

  // Class loaders read their archives under a lock. A call that waited for its core there would
  // hold it against the call that has got the core.
  @Test
  void aCallDoesNotGiveWayWhenTheJdkAsksWhetherItWasInterrupted(@TempDir Path directory)
      throws Exception {
    var file = Files.writeString(directory.resolve("archive"), "bytes");
    try (var channel = FileChannel.open(file)) {
      assertFalse(
          givesWay(
              () -> {
                try {
                  assertEquals(5, channel.size());
                } catch (IOException e) {
                  throw new UncheckedIOException(e);
                }
              }));
    }
  }
}
