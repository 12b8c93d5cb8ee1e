package dev.errand.base.limit;

import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.ToLongFunction;

/**
 * A thread-safe LRU cache: its entries together have a weight at most, and it drops the one that
 * was used least recently.
 */
public final class LruCache<K, V> {
  private final Map<K, V> entries = new LinkedHashMap<>(16, 0.75f, true);
  private final long most;
  private final ToLongFunction<V> weight;
  private long weighs;

  /** A cache of a number of entries. */
  public LruCache(int most) {
    this(most, value -> 1);
  }

  /**
   * A cache of entries that weigh so much together at most.
   *
   * @param weight the weight of a value, which does not change
   */
  public LruCache(long most, ToLongFunction<V> weight) {
    this.most = most;
    this.weight = weight;
  }

  public synchronized Optional<V> find(K key) {
    return Optional.ofNullable(entries.get(key));
  }

  /** Holds a value from now on. */
  public synchronized void put(K key, V value) {
    remove(key);
    entries.put(key, value);
    weighs += weight.applyAsLong(value);
    Iterator<V> eldest = entries.values().iterator();
    while (weighs > most && eldest.hasNext()) {
      weighs -= weight.applyAsLong(eldest.next());
      eldest.remove();
    }
  }

  public synchronized void remove(K key) {
    V value = entries.remove(key);
    if (value != null) {
      weighs -= weight.applyAsLong(value);
    }
  }
}
