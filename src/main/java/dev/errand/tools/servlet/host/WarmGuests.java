package dev.errand.tools.servlet.host;

import dev.errand.base.turn.FairSemaphore;
import dev.errand.base.turn.WorkOwner;
import dev.errand.tools.servlet.abi.ServletCall;
import dev.errand.tools.servlet.limit.CallMemory;
import dev.errand.tools.servlet.limit.Computation;
import dev.errand.tools.servlet.limit.ComputePermit;
import dev.errand.tools.servlet.limit.ComputeThreads;
import dev.errand.tools.servlet.limit.Grant;
import dev.errand.tools.servlet.limit.Limits;
import dev.errand.tools.servlet.limit.SharedMemory;
import dev.errand.tools.servlet.module.ServletModule;
import java.security.SecureRandom;
import java.util.ArrayDeque;
import java.util.Collections;
import java.util.Deque;
import java.util.HashMap;
import java.util.Iterator;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.WeakHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * A pool of warm instances of large modules, which are started in advance while a core is idle.
 * Each is used once, like any other: an instance that was reset after a call would repeat the
 * random numbers of its start, and be only as clean as the reset.
 */
final class WarmGuests {
  private final Limits limits;
  private final FairSemaphore cores;
  private final SharedMemory memory;
  private final SecureRandom random;
  private final ComputeThreads threads;
  private final Map<ServletModule, Demand> demands = new HashMap<>();
  private final Set<Waiting> waiting = new LinkedHashSet<>();
  private final Set<ServletModule> unfit =
      Collections.newSetFromMap(new WeakHashMap<ServletModule, Boolean>());
  private int starting;

  WarmGuests(
      Limits limits,
      FairSemaphore cores,
      SharedMemory memory,
      SecureRandom random,
      ComputeThreads threads) {
    this.limits = limits;
    this.cores = cores;
    this.memory = memory;
    this.random = random;
    this.threads = threads;
  }

  /** The demand for a module: its warm instances, current calls and starts. */
  private static final class Demand {
    private final Deque<Waiting> ready = new ArrayDeque<>();
    private int underWay;
    private int starting;
  }

  /** A warm instance that waits for a call; taking it clears the reference. */
  private static final class Waiting {
    private final ServletModule module;
    private final long bytes;
    private final CountDownLatch gone = new CountDownLatch(1);
    private @Nullable Guest guest;

    Waiting(ServletModule module, Guest guest) {
      this.module = module;
      this.bytes = guest.bytes();
      this.guest = guest;
    }
  }

  /** Takes an instance for a call that begins now; call {@link #left} when it ends. */
  Guest enter(ServletModule module, WorkOwner owner) {
    if (module.size() < limits.earlyFrom() || limits.early() == 0 || isTooHeavy(module)) {
      return new Guest(module, limits);
    }
    Guest taken = null;
    synchronized (this) {
      var demand = demands.computeIfAbsent(module, _ -> new Demand());
      demand.underWay++;
      var next = demand.ready.peek();
      if (next != null) {
        taken = next.guest;
        drop(next);
      }
    }
    startMore(module, owner);
    return taken == null ? new Guest(module, limits) : taken;
  }

  /** Whether a warm instance would keep interpreted code that the cache should rather drop. */
  private boolean isTooHeavy(ServletModule module) {
    return module.interpreted() && module.weight() > limits.earlyMemory();
  }

  /** Records the end of a call that {@link #enter} began. */
  void left(ServletModule module, WorkOwner owner) {
    synchronized (this) {
      var demand = demands.get(module);
      if (demand == null) {
        return;
      }
      demand.underWay--;
    }
    startMore(module, owner);
  }

  /** The number of a module's warm instances. */
  synchronized int waiting(ServletModule module) {
    var demand = demands.get(module);
    return demand == null ? 0 : demand.ready.size();
  }

  /** Starts an instance, if a core is idle and there are fewer warm ones than current calls. */
  private void startMore(ServletModule module, WorkOwner owner) {
    synchronized (this) {
      var demand = demands.get(module);
      if (demand == null) {
        return;
      }
      var wanted = Math.max(1, demand.underWay);
      if (unfit.contains(module)
          || demand.ready.size() + demand.starting >= wanted
          || starting >= limits.early()
          || !cores.takeIdle(owner)) {
        forget(module, demand);
        return;
      }
      demand.starting++;
      starting++;
    }
    // The virtual thread must not reference the guest, which may be taken and end before its
    // timeout.
    Thread.ofVirtual()
        .name("servlet-early")
        .start(() -> start(module, owner).ifPresent(this::dropWhenUnused));
  }

  /** Starts a guest on its own thread; a module that fails to start is not tried again. */
  private Optional<Waiting> start(ServletModule module, WorkOwner owner) {
    var core = new ComputePermit(cores, owner, limits.queueTime());
    var guest = new Guest(module, limits);
    var none =
        new ServletCall(
            limits, Grant.NONE, core, new CallMemory(memory), random, false, new byte[0]);
    var fit = new boolean[1];
    var computation =
        new Computation(
            guest.threadName(),
            core,
            () -> {
              try {
                fit[0] = guest.startEarly(none);
              } finally {
                core.release();
              }
              return fit[0];
            });
    var inTime = false;
    try {
      threads.start(computation);
      inTime = computation.endsWithin(limits.describeTime(), limits.timeSlice());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } catch (OutOfMemoryError e) {
      // The system has no thread left; the heap is fine, so the process continues.
      core.release();
    } finally {
      computation.interrupt();
    }
    return started(module, inTime && fit[0] ? guest : null);
  }

  private synchronized Optional<Waiting> started(ServletModule module, @Nullable Guest guest) {
    var demand = demands.computeIfAbsent(module, _ -> new Demand());
    demand.starting--;
    starting--;
    if (guest == null) {
      unfit.add(module);
      forget(module, demand);
      return Optional.empty();
    }
    var entry = new Waiting(module, guest);
    demand.ready.add(entry);
    waiting.add(entry);
    makeRoom();
    return Optional.of(entry);
  }

  private void makeRoom() {
    var bytes = waiting.stream().mapToLong(entry -> entry.bytes).sum();
    Iterator<Waiting> eldest = waiting.iterator();
    var over = new ArrayDeque<Waiting>();
    var left = waiting.size();
    while (eldest.hasNext() && (left > limits.early() || bytes > limits.earlyMemory())) {
      var entry = eldest.next();
      bytes -= entry.bytes;
      left--;
      over.add(entry);
    }
    over.forEach(this::drop);
  }

  private void dropWhenUnused(Waiting entry) {
    try {
      if (entry.gone.await(limits.earlyTime().toNanos(), TimeUnit.NANOSECONDS)) {
        return;
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    synchronized (this) {
      drop(entry);
    }
  }

  private void drop(Waiting entry) {
    entry.guest = null;
    entry.gone.countDown();
    waiting.remove(entry);
    var demand = demands.get(entry.module);
    if (demand != null) {
      demand.ready.remove(entry);
      forget(entry.module, demand);
    }
  }

  private void forget(ServletModule module, Demand demand) {
    if (demand.underWay == 0 && demand.starting == 0 && demand.ready.isEmpty()) {
      demands.remove(module);
    }
  }
}
