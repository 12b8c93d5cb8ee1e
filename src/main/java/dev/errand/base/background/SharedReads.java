package dev.errand.base.background;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.function.Function;

/**
 * Batches reads that are requested at the same moment into one statement. Few statements run at a
 * time, so that many readers use few connections. A single read is done at once.
 */
public final class SharedReads<Q, A> {
  private final Function<List<Q>, List<A>> read;
  private final Batcher<Wanted<Q, A>> reads;

  private record Wanted<Q, A>(Q question, CompletableFuture<A> answer) {}

  /**
   * Creates reads of one kind.
   *
   * @param lanes how many statements run at once
   * @param most how many reads share one
   * @param gather how long a statement of several takes at least, before the next one begins
   * @param read reads them, and returns the answers in the order of the questions
   */
  public SharedReads(
      String name, int lanes, int most, Duration gather, Function<List<Q>, List<A>> read) {
    this.read = read;
    this.reads = new Batcher<>(name, lanes, most, gather, this::read);
  }

  /** Reads one answer, together with other reads of the same moment. */
  public A get(Q question) throws InterruptedException {
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
