package dev.errand.runs.watch;

import dev.errand.base.background.Batcher;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.function.Function;

/**
 * Batches reads that are requested at the same moment into one statement. Only one statement runs
 * at a time, so that watchers use one connection. A single read is done at once; while there are
 * several, the next ones are gathered for some milliseconds.
 */
final class SharedReads<Q, A> {
  private static final Duration GATHER = Duration.ofMillis(10);

  private final Function<List<Q>, List<A>> read;
  private final Batcher<Wanted<Q, A>> reads;

  private record Wanted<Q, A>(Q question, CompletableFuture<A> answer) {}

  /**
   * Creates reads of one kind.
   *
   * @param read reads them, and returns the answers in the order of the questions
   */
  SharedReads(String name, int most, Function<List<Q>, List<A>> read) {
    this.read = read;
    this.reads = new Batcher<>(name, 1, most, GATHER, this::read);
  }

  /** Reads one answer, together with other reads of the same moment. */
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
