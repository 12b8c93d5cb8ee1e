package dev.errand.runs.run.watch;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.function.Function;

/**
 * Reads that are wanted at the same moment and are done by one statement. One at a time is under
 * way, so that watchers take one connection. A read that comes alone is done at once; while several
 * come together, the next ones are gathered for some milliseconds.
 *
 * @param <Q> what is asked
 * @param <A> what is answered
 */
final class SharedReads<Q, A> {
  private static final long GATHER_NANOS = Duration.ofMillis(10).toNanos();

  private final String name;
  private final int most;
  private final Function<List<Q>, List<A>> read;
  private final List<Wanted<Q, A>> waiting = new ArrayList<>();
  private boolean reading;

  private record Wanted<Q, A>(Q question, CompletableFuture<A> answer) {}

  /**
   * Creates reads of one kind.
   *
   * @param name the name of the thread that reads
   * @param most how many are done by one statement at most
   * @param read does them; it answers in the order of the questions
   */
  SharedReads(String name, int most, Function<List<Q>, List<A>> read) {
    this.name = name;
    this.most = most;
    this.read = read;
  }

  /** Reads one, together with those that others want now. */
  A get(Q question) throws InterruptedException {
    CompletableFuture<A> answer = new CompletableFuture<>();
    boolean first;
    synchronized (waiting) {
      waiting.add(new Wanted<>(question, answer));
      first = !reading;
      reading = true;
    }
    if (first) {
      Thread.ofVirtual().name(name).start(this::readAll);
    }
    try {
      return answer.get();
    } catch (ExecutionException e) {
      if (e.getCause() instanceof RuntimeException failure) {
        throw failure;
      }
      throw new IllegalStateException(e.getCause());
    }
  }

  /** How many wait for a statement. */
  int waiting() {
    synchronized (waiting) {
      return waiting.size();
    }
  }

  private void readAll() {
    long begun = System.nanoTime();
    for (List<Wanted<Q, A>> some = take(); !some.isEmpty(); some = take()) {
      read(some);
      if (some.size() > 1) {
        gather(begun + GATHER_NANOS - System.nanoTime());
      }
      begun = System.nanoTime();
    }
  }

  private List<Wanted<Q, A>> take() {
    synchronized (waiting) {
      List<Wanted<Q, A>> first = waiting.subList(0, Math.min(most, waiting.size()));
      List<Wanted<Q, A>> some = List.copyOf(first);
      first.clear();
      reading = !some.isEmpty();
      return some;
    }
  }

  private void read(List<Wanted<Q, A>> some) {
    try {
      List<A> answers = read.apply(some.stream().map(Wanted::question).toList());
      for (int i = 0; i < some.size(); i++) {
        some.get(i).answer().complete(answers.get(i));
      }
    } catch (RuntimeException | Error e) {
      some.forEach(wanted -> wanted.answer().completeExceptionally(e));
    }
  }

  private void gather(long nanos) {
    // What fills a statement already would gather no more by waiting.
    if (nanos > 0 && waiting() < most) {
      try {
        Thread.sleep(Duration.ofNanos(nanos));
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
    }
  }
}
