package dev.errand.runs.run.watch;

import dev.errand.base.background.Batcher;
import java.time.Duration;
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
  private static final Duration GATHER = Duration.ofMillis(10);

  private final Function<List<Q>, List<A>> read;
  private final Batcher<Wanted<Q, A>> reads;

  private record Wanted<Q, A>(Q question, CompletableFuture<A> answer) {}

  /**
   * Creates reads of one kind.
   *
   * @param name the name of the thread that reads
   * @param most how many are done by one statement at most
   * @param read does them; it answers in the order of the questions
   */
  SharedReads(String name, int most, Function<List<Q>, List<A>> read) {
    this.read = read;
    this.reads = new Batcher<>(name, 1, most, GATHER, this::read);
  }

  /** Reads one, together with those that others want now. */
  A get(Q question) throws InterruptedException {
    CompletableFuture<A> answer = new CompletableFuture<>();
    reads.add(new Wanted<>(question, answer));
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
    return reads.waiting();
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
}
