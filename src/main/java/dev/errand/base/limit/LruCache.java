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
  private final Map<K, Weighed<V>> entries = new LinkedHashMap<>(16, 0.75f, true);
  private final long most;
  private final ToLongFunction<V> weight;
  private long weighs;

  /** A value, and its weight, which may take long to count. */
  private record Weighed<V>(V value, long weight) {}

  /** A cache of a number of entries. */
  public LruCache(int most) {
    this(most, value -> 1);
  }

  /**
   * A cache of entries that weigh so much together at most.
   *
   * @param weight the weight of a value, which is asked once
   */
  public LruCache(long most, ToLongFunction<V> weight) {
    this.most = most;
    this.weight = weight;
  }

  public synchronized Optional<V> find(K key) {
    return Optional.ofNullable(entries.get(key)).map(Weighed::value);
  }

  /** Holds a value from now on. */
  public void put(K key, V value) {
    put(key, new Weighed<>(value, weight.applyAsLong(value)));
  }

  private synchronized void put(K key, Weighed<V> value) {
    remove(key);
    entries.put(key, value);
    weighs += value.weight;
    Iterator<Weighed<V>> eldest = entries.values().iterator();
    while (weighs > most && eldest.hasNext()) {
      weighs -= eldest.next().weight;
      eldest.remove();
    }
  }

  /** What its entries weigh together. */
  public synchronized long weighs() {
    return weighs;
  }

  public synchronized void remove(K key) {
    Weighed<V> value = entries.remove(key);
    if (value != null) {
      weighs -= value.weight;
    }
  }
}
