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
}
