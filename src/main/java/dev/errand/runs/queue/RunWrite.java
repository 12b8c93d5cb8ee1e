package dev.errand.runs.queue;

import dev.errand.runs.entry.NewEntries;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import org.jspecify.annotations.Nullable;

/**
 * A write that waits for its commit. It has its own result, whatever other writes it was committed
 * with.
 */
abstract sealed class RunWrite<T> {
  private final CompletableFuture<T> result = new CompletableFuture<>();

  void succeed(T with) {
    result.complete(with);
  }

  void fail(RuntimeException cause) {
    result.completeExceptionally(cause);
  }

  /** Waits for the commit. An interrupt does not end the wait: the write may have taken effect. */
  T await() {
    try {
      return result.join();
    } catch (CompletionException e) {
      if (e.getCause() instanceof RuntimeException cause) {
        throw cause;
      }
      throw e;
    }
  }

  /** Adds a run to the queue. The result is empty where it is refused. */
  static final class Enqueue extends RunWrite<Optional<Run>> {
    final NewRun run;
    // Known with the result.
    boolean isEligible;

    Enqueue(NewRun run) {
      this.run = run;
    }
  }

  /** Appends entries. The result is false where the claim is lost, or has more or fewer entries. */
  static final class Append extends RunWrite<Boolean> {
    final Claim claim;
    final int after;
    final NewEntries entries;
    final @Nullable String usage;
    final @Nullable Settlement settled;

    Append(
        Claim claim,
        int after,
        NewEntries entries,
        @Nullable String usage,
        @Nullable Settlement settled) {
      this.claim = claim;
      this.after = after;
      this.entries = entries;
      this.usage = usage;
      this.settled = settled;
    }
  }

  /** Ends a run. The result is false where the claim is lost. */
  static final class Finish extends RunWrite<Boolean> {
    final Claim claim;
    final NewEntries entries;
    final RunEnd end;
    final @Nullable Settlement settled;

    Finish(Claim claim, NewEntries entries, RunEnd end, @Nullable Settlement settled) {
      this.claim = claim;
      this.entries = entries;
      this.end = end;
      this.settled = settled;
    }
  }
}
