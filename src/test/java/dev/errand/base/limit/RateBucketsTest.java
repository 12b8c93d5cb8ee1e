package dev.errand.base.limit;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import org.junit.jupiter.api.Test;

class RateBucketsTest {
  private static final int PER_MINUTE = 10;
  private static final int MANY = 25_000;

  private final RateBuckets buckets =
      new RateBuckets(Clock.fixed(Instant.parse("2026-01-01T00:00:00Z"), ZoneOffset.UTC));

  @Test
  void aKeyMayBeUsedSoOftenPerMinute() {
    for (int left = PER_MINUTE - 1; left >= 0; left--) {
      RateBuckets.Use use = buckets.use("a", PER_MINUTE);
      assertTrue(use.granted());
      assertEquals(left, use.left());
    }
    assertFalse(buckets.use("a", PER_MINUTE).granted());
    assertTrue(buckets.use("b", PER_MINUTE).granted());
  }

  @Test
  void whoeverUsesManyKeysDoesNotResetTheFirst() {
    exhaust("mine");
    for (int i = 0; i < MANY; i++) {
      assertTrue(buckets.use("other " + i, PER_MINUTE).granted());
    }
    assertFalse(buckets.use("mine", PER_MINUTE).granted());
  }

  @Test
  void manyKeysTakeNoMoreThanTheirRoom() {
    for (int i = 0; i < MANY; i++) {
      buckets.use("key " + i, PER_MINUTE);
    }
    assertTrue(buckets.size() <= RateBuckets.MOST, buckets.size() + " keys");
  }

  private void exhaust(String key) {
    while (buckets.use(key, PER_MINUTE).granted()) {
      // Until none is left.
    }
  }
}
