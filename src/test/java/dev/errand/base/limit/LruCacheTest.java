package dev.errand.base.limit;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.Optional;
import org.junit.jupiter.api.Test;

class LruCacheTest {
  @Test
  void theEntryThatWasUsedLeastRecentlyIsDropped() {
    LruCache<String, Integer> cache = new LruCache<>(2);
    cache.put("a", 1);
    cache.put("b", 2);
    assertEquals(Optional.of(1), cache.find("a"));
    cache.put("c", 3);
    assertEquals(Optional.empty(), cache.find("b"));
    assertEquals(Optional.of(1), cache.find("a"));
    cache.remove("a");
    assertEquals(Optional.empty(), cache.find("a"));
  }

  @Test
  void entriesTogetherWeighNoMoreThanTheMost() {
    LruCache<String, String> cache = new LruCache<>(10, String::length);
    cache.put("a", "1234");
    cache.put("b", "1234");
    cache.put("a", "123");
    cache.put("c", "123");
    assertEquals(Optional.of("1234"), cache.find("b"));
    cache.put("d", "12");
    assertEquals(Optional.empty(), cache.find("a"));
    assertEquals(Optional.of("1234"), cache.find("b"));
    cache.put("e", "12345678901");
    assertEquals(Optional.empty(), cache.find("e"));
    assertEquals(Optional.empty(), cache.find("b"));
    cache.put("f", "1234567890");
    assertEquals(Optional.of("1234567890"), cache.find("f"));
  }
}
