package dev.errand.models.wire;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;

import dev.errand.models.port.Pace.RateLimits;
import io.vertx.core.MultiMap;
import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** What servers say of their rates. */
class RateHeadersTest {
  private static final Instant NOW = Instant.parse("2026-12-03T06:00:00Z");

  @Test
  void aLimitOfADayGivesBackSlowly() {
    // Groq's limit of requests is of a day.
    RateLimits limits =
        require(openAi("14400", "1400", "21h40m0s", "6000", "5000", "7.66s"), false);
    assertEquals(6, seconds(limits.perRequest()), 0.01);
    assertNull(limits.perToken(), "much is left of the tokens");
    assertNull(limits.next());
  }

  @Test
  void aLimitOfWhichMuchIsLeftIsNone() {
    assertNull(read(openAi("60", "6", "1s", "100", "10", "1s"), false));
    assertNull(read(MultiMap.caseInsensitiveMultiMap(), false));
    assertNull(read(MultiMap.caseInsensitiveMultiMap(), true));
  }

  @Test
  void aRefusalCountsAllLimits() {
    RateLimits limits = require(openAi("60", "0", "1m0s", "1000", "500", "500ms"), true);
    assertEquals(Duration.ofSeconds(1), limits.perRequest());
    assertEquals(Duration.ofSeconds(1), limits.next());
    assertEquals(0.001, limits.perToken());
    assertEquals(Duration.ofMinutes(1), limits.until());
  }

  @Test
  void anthropicSaysWhen() {
    MultiMap headers = MultiMap.caseInsensitiveMultiMap();
    headers.add("anthropic-ratelimit-requests-limit", "50");
    headers.add("anthropic-ratelimit-requests-remaining", "4");
    headers.add("anthropic-ratelimit-requests-reset", "2026-12-03T06:00:46Z");
    RateLimits limits = require(headers, false);
    assertEquals(Duration.ofSeconds(1), limits.perRequest());
  }

  @Test
  void whatIsGivenBackAtOnceDoesNotLimit() {
    RateLimits limits = require(openAi("100", "1", "600s", "1000", "1", "0s"), false);
    assertNull(limits.perToken());
    assertNull(read(openAi("100", "0", "0s", "1000", "0", "2026-12-03T05:00:00Z"), true));
  }

  @Test
  void noLimitHoldsForever() {
    for (String far : new String[] {"999999999d", "+1000000000-12-31T23:59:59Z", "999999999"}) {
      RateLimits limits = require(openAi("100", "1", far, "1000", "1", far), false);
      assertEquals(Duration.ofDays(1), limits.until(), far);
    }
  }

  @Test
  void whatCanNotBeReadIsNotThere() {
    assertNull(read(openAi("sixty", "0", "1s", "-3", "0", "1s"), true));
    assertNull(read(openAi("60", "0", "soon", "60", "61", "1s"), true));
    assertNull(read(openAi("9".repeat(40), "0", "1s", "60", "0", "x".repeat(9000)), true));
  }

  private static @Nullable RateLimits read(MultiMap headers, boolean isRefused) {
    boolean isOther = headers.contains("anthropic-ratelimit-requests-limit");
    return RateHeaders.in(
        headers,
        isOther ? RateFields.of("anthropic-ratelimit-requests-%s") : RateFields.REQUESTS,
        isOther ? RateFields.of("anthropic-ratelimit-tokens-%s") : RateFields.TOKENS,
        isRefused,
        NOW);
  }

  private static RateLimits require(MultiMap headers, boolean isRefused) {
    RateLimits limits = read(headers, isRefused);
    assertNotNull(limits);
    return limits;
  }

  private static double seconds(@Nullable Duration time) {
    assertNotNull(time);
    return time.toNanos() / 1e9;
  }

  private static MultiMap openAi(
      String limit, String left, String reset, String tokens, String tokensLeft, String inTime) {
    MultiMap headers = MultiMap.caseInsensitiveMultiMap();
    headers.add("x-ratelimit-limit-requests", limit);
    headers.add("x-ratelimit-remaining-requests", left);
    headers.add("x-ratelimit-reset-requests", reset);
    headers.add("x-ratelimit-limit-tokens", tokens);
    headers.add("x-ratelimit-remaining-tokens", tokensLeft);
    headers.add("x-ratelimit-reset-tokens", inTime);
    return headers;
  }
}
