package dev.errand.base.cel;

import dev.errand.base.limit.LruCache;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The conditions that were evaluated last, since reading one takes longer than evaluating it: of
 * rules, triggers and tasks together, within a part of the heap.
 */
public final class KnownConditions {
  // Room for a hundred ordinary ones in the smallest heap, and for several of the heaviest.
  private static final int PART_OF_HEAP = 32;

  private static volatile @Nullable KnownConditions all;

  private final LruCache<Key, Condition> known;

  KnownConditions(long bytes) {
    this.known = new LruCache<>(bytes, Condition::bytes);
  }

  private record Key(String expression, Map<String, Condition.Type> variables) {}

  /** Those of this process. */
  public static KnownConditions all() {
    KnownConditions made = all;
    if (made == null) {
      // Not by a class initialiser: a native executable would have the heap of its build.
      made = new KnownConditions(Runtime.getRuntime().maxMemory() / PART_OF_HEAP);
      all = made;
    }
    return made;
  }

  /**
   * A condition that is to be evaluated, which is kept.
   *
   * @throws IllegalArgumentException that says what is wrong with it: the end of a sentence
   */
  public Condition get(String expression, Map<String, Condition.Type> variables) {
    Key key = new Key(expression, variables);
    return known
        .find(key)
        .orElseGet(
            () -> {
              Condition made = Condition.of(expression, variables);
              known.put(key, made);
              return made;
            });
  }

  /**
   * A condition of a request, which is not kept: the request may be refused.
   *
   * @throws IllegalArgumentException that says what is wrong with it: the end of a sentence
   */
  public Condition check(String expression, Map<String, Condition.Type> variables) {
    return known
        .find(new Key(expression, variables))
        .orElseGet(() -> Condition.of(expression, variables));
  }

  /** How many bytes those that are kept take at the most. */
  long bytes() {
    return known.weighs();
  }
}
