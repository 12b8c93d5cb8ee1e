package dev.errand.base.background;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Lets callers that want the same read at the same moment share it. A read runs on the thread of
 * the first caller: at once, or after the read of the same key that is under way, which may miss
 * what was written before a later caller asked. Reads of different keys don't wait for each other,
 * and each is a statement of its own; {@link SharedReads} puts different reads into one.
 */
public final class CoalescedReads<K, A> {
  private final ConcurrentHashMap<K, Turn<A>> newest = new ConcurrentHashMap<>();

  /** A read, which callers may join until it begins. */
  private static final class Turn<A> {
    final CompletableFuture<A> answer = new CompletableFuture<>();
    // Both change only while the map computes the value of the key.
    boolean begun;
    @Nullable Turn<A> before;
  }

  /**
   * Reads, or waits for the read of that key that has not begun yet. If the latter fails, the
   * caller reads on its own.
   */
  public A get(K key, Supplier<A> read) {
    Turn<A> own = new Turn<>();
    Turn<A> turn =
        newest.compute(
            key,
            (_, last) -> {
              if (last != null && !last.begun) {
                return last;
              }
              own.before = last;
              return own;
            });
    return turn == own ? lead(key, own, read) : follow(turn, read);
  }

  private A lead(K key, Turn<A> own, Supplier<A> read) {
    Turn<A> before = own.before;
    if (before != null) {
      before.answer.handle((_, _) -> true).join();
    }
    newest.computeIfPresent(
        key,
        (_, last) -> {
          own.begun = true;
          own.before = null;
          return last;
        });
    try {
      A answer = read.get();
      own.answer.complete(answer);
      return answer;
    } catch (RuntimeException | Error e) {
      own.answer.completeExceptionally(e);
      throw e;
    } finally {
      newest.remove(key, own);
    }
  }

  private static <A> A follow(Turn<A> turn, Supplier<A> read) {
    try {
      return turn.answer.join();
    } catch (CompletionException _) {
      return read.get();
    }
  }

  /** How many callers have joined the read of that key that has not begun. */
  int joined(K key) {
    Turn<A> last = newest.get(key);
    return last == null ? 0 : last.answer.getNumberOfDependents();
  }
}
