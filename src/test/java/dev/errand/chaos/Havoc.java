package dev.errand.chaos;

import java.io.IOException;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.Deque;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.function.BooleanSupplier;

/** Does to servers and database what happens to them in the end, one thing after the other. */
final class Havoc {
  private final Random random;
  private final Fleet fleet;
  private final Outside outside;
  private final CrashDatabase database;
  private final Losses losses;
  private final Duration standStill;
  private final Map<Kind, Integer> done = new EnumMap<>(Kind.class);
  private final Deque<Kind> next = new ArrayDeque<>();
  private final List<Thread> standing = new ArrayList<>();

  /** What happens. */
  enum Kind {
    /** A server is killed where it is, and started again. */
    KILL,
    /** A server stands still past its leases, and goes on. */
    STAND_STILL,
    /** A server is told to end, and started again. */
    TERMINATE,
    /** All connections to the database break. */
    DROP,
    /** The database crashes, and is started again. */
    CRASH
  }

  Havoc(
      Random random,
      Fleet fleet,
      Outside outside,
      CrashDatabase database,
      Losses losses,
      Duration standStill) {
    this.losses = losses;
    this.random = random;
    this.fleet = fleet;
    this.outside = outside;
    this.database = database;
    this.standStill = standStill;
  }

  /**
   * Lets so much happen, each kind as often as any other, and something next when the servers have
   * come further, however long that takes them.
   *
   * @param requests how many requests to the outside there are between two of it, on the average
   * @param goesOn whether there is anything left to disturb
   */
  void happen(int times, int requests, BooleanSupplier goesOn)
      throws InterruptedException, IOException, SQLException {
    for (int time = 0; time < times; time++) {
      int further = outside.requests() + random.nextInt(1, 2 * requests);
      while (outside.requests() < further && goesOn.getAsBoolean()) {
        Thread.sleep(20);
      }
      if (next.isEmpty()) {
        List<Kind> round = new ArrayList<>(Arrays.asList(Kind.values()));
        Collections.shuffle(round, random);
        next.addAll(round);
      }
      Kind kind = next.remove();
      happen(kind);
      done.merge(kind, 1, Integer::sum);
    }
    for (Thread thread : standing) {
      thread.join();
    }
  }

  /** How often what happened. */
  Map<Kind, Integer> done() {
    return done;
  }

  private void happen(Kind kind) throws InterruptedException, IOException, SQLException {
    switch (kind) {
      case KILL -> {
        Life life = fleet.victim(random);
        life.kill();
      }
      case TERMINATE -> {
        Life life = fleet.victim(random);
        life.terminate();
      }
      case STAND_STILL -> {
        Life life = fleet.victim(random);
        life.stop();
        standing.add(Thread.ofVirtual().start(() -> goOn(life)));
      }
      case DROP -> {
        long from = System.nanoTime();
        database.dropConnections();
        losses.outage(from, System.nanoTime());
      }
      case CRASH -> {
        long from = System.nanoTime();
        database.crashAndRestart();
        losses.outage(from, System.nanoTime());
      }
    }
  }

  private void goOn(Life life) {
    try {
      Thread.sleep(standStill);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    life.goOn();
  }
}
