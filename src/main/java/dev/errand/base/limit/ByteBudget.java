package dev.errand.base.limit;

import dev.errand.base.config.HeapShare;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.eclipse.microprofile.config.inject.ConfigProperty;

/**
 * The bytes of heap for parsing data from outside: request bodies, answers of models, HTTP bodies
 * of servlets. A parser first reserves memory for the bytes and for the tree ({@link JsonWeight}),
 * and closes the reservation when both are garbage. What is read from the database has a budget of
 * its own, {@link ReadBudget}.
 */
@Singleton
public class ByteBudget {
  private final long capacity;
  private final ReentrantLock lock = new ReentrantLock();
  // Who holds most is served first, since it needs least until it gives all back; among equals who
  // came first, so that small reservations do not starve a large one. Those that leave a part to
  // others are behind these.
  private final List<Waiter> waiting = new ArrayList<>();
  private long used;
  private long refused;

  /**
   * The process's budget.
   *
   * @param size the memory for what is parsed from outside at the same time: bytes such as {@code
   *     128M}, or a share of the largest heap such as {@code 25%}
   */
  @Inject
  ByteBudget(
      @ConfigProperty(name = "errand.memory.parse-budget", defaultValue = "25%") String size) {
    this(bytes("errand.memory.parse-budget", size));
  }

  public ByteBudget(long capacity) {
    if (capacity < 1) {
      throw new IllegalArgumentException("A budget has at least one byte, not " + capacity);
    }
    this.capacity = capacity;
  }

  /** A reservation that waits. */
  private static final class Waiter {
    private final Reservation reservation;
    private final Condition turn;
    private final long more;
    private final long leaving;
    private boolean givesWay;

    private Waiter(Reservation reservation, Condition turn, long more, long leaving) {
      this.reservation = reservation;
      this.turn = turn;
      this.more = more;
      this.leaving = leaving;
    }

    private boolean isBehind(Waiter other) {
      return leaving == other.leaving
          ? reservation.held() < other.reservation.held()
          : leaving > other.leaving;
    }
  }

  /** The bytes that a setting names. */
  static long bytes(String setting, String size) {
    try {
      return new HeapShare().convert(size);
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException(setting + " " + e.getMessage() + ", not " + size, e);
    }
  }

  /**
   * Reserves bytes at once.
   *
   * @throws BudgetExhaustedException when they are not free
   */
  public Reservation reserve(long bytes) {
    Reservation reservation = new Reservation(this);
    take(reservation, bytes, 0);
    return reservation;
  }

  /**
   * Reserves bytes, and waits for them.
   *
   * @throws BudgetExhaustedException when they were not free in time; at once when there are not so
   *     many
   */
  public Reservation reserve(long bytes, Duration patience) throws InterruptedException {
    Reservation reservation = new Reservation(this);
    await(reservation, bytes, 0, patience);
    return reservation;
  }

  public long capacity() {
    return capacity;
  }

  /** How many bytes are reserved. */
  public long used() {
    lock.lock();
    try {
      return used;
    } finally {
      lock.unlock();
    }
  }

  /** How many reservations were refused so far. */
  public long refused() {
    lock.lock();
    try {
      return refused;
    } finally {
      lock.unlock();
    }
  }

  /** How many reservations wait for others to be given back. */
  public int waiting() {
    lock.lock();
    try {
      return waiting.size();
    } finally {
      lock.unlock();
    }
  }

  void take(Reservation reservation, long more, long leaving) {
    lock.lock();
    try {
      if (!fits(reservation, more, leaving)) {
        throw refusal(reservation, more + leaving);
      }
    } finally {
      lock.unlock();
    }
  }

  boolean tryTake(Reservation reservation, long more, long leaving) {
    lock.lock();
    try {
      return fits(reservation, more, leaving);
    } finally {
      lock.unlock();
    }
  }

  void await(Reservation reservation, long more, long leaving, Duration patience)
      throws InterruptedException {
    lock.lockInterruptibly();
    try {
      if (waiting.isEmpty() && fits(reservation, more, leaving)) {
        return;
      }
      Waiter waiter = new Waiter(reservation, lock.newCondition(), more, leaving);
      join(waiter);
      try {
        long left = patience.toNanos();
        while (!waiting.getFirst().equals(waiter) || !fits(reservation, more, leaving)) {
          makeWay();
          if (left <= 0 || waiter.givesWay || more > capacity - leaving - reservation.held()) {
            throw refusal(reservation, more + leaving);
          }
          left = waiter.turn.awaitNanos(left);
        }
      } finally {
        waiting.remove(waiter);
        wakeFirst();
      }
    } finally {
      lock.unlock();
    }
  }

  private void join(Waiter waiter) {
    int place = waiting.size();
    while (place > 0 && waiting.get(place - 1).isBehind(waiter)) {
      place--;
    }
    waiting.add(place, waiter);
  }

  // Where all that is reserved is held by those that wait, none of them would ever go on: the one
  // that holds least is refused, and what it gives back is for the others.
  private void makeWay() {
    Waiter first = waiting.getFirst();
    long held =
        waiting.stream()
            .filter(waiter -> !waiter.givesWay)
            .map(waiter -> waiter.reservation)
            .distinct()
            .mapToLong(Reservation::held)
            .sum();
    if (held < used || first.more <= capacity - first.leaving - used) {
      return;
    }
    waiting.stream()
        .skip(1)
        .filter(waiter -> waiter.reservation.held() > 0)
        .reduce((one, other) -> other.reservation.held() > one.reservation.held() ? one : other)
        .ifPresent(
            least -> {
              least.givesWay = true;
              least.turn.signal();
            });
  }

  void giveBack(Reservation reservation, long less, boolean end) {
    lock.lock();
    try {
      long back = Math.min(notNegative(less), reservation.held());
      reservation.add(-back);
      used -= back;
      if (end) {
        reservation.end();
      }
      wakeFirst();
    } finally {
      lock.unlock();
    }
  }

  /** Moves all that is reserved to a new reservation, and ends the first. */
  Reservation handOn(Reservation from) {
    Reservation to = new Reservation(this);
    lock.lock();
    try {
      long bytes = from.held();
      from.add(-bytes);
      from.end();
      to.add(bytes);
    } finally {
      lock.unlock();
    }
    return to;
  }

  long bytesOf(Reservation reservation) {
    lock.lock();
    try {
      return reservation.held();
    } finally {
      lock.unlock();
    }
  }

  private boolean fits(Reservation reservation, long more, long leaving) {
    if (reservation.isClosed()) {
      return true;
    }
    if (notNegative(more) > capacity - leaving - used) {
      return false;
    }
    used += more;
    reservation.add(more);
    return true;
  }

  private BudgetExhaustedException refusal(Reservation reservation, long more) {
    refused++;
    long held = reservation.held();
    // Whether the bytes fit when nothing else is reserved.
    long wanted = more > Long.MAX_VALUE - held ? Long.MAX_VALUE : more + held;
    return new BudgetExhaustedException(wanted, capacity - used + held, capacity);
  }

  private void wakeFirst() {
    if (!waiting.isEmpty()) {
      waiting.getFirst().turn.signal();
    }
  }

  private static long notNegative(long bytes) {
    if (bytes < 0) {
      throw new IllegalArgumentException("A number of bytes is not negative: " + bytes);
    }
    return bytes;
  }
}
