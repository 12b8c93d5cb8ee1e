package dev.errand.models.loop;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.errand.models.loop.RetryPolicy.Verdict;
import dev.errand.models.port.Bounds;
import dev.errand.models.port.ModelAnswer;
import dev.errand.models.port.ModelConfig;
import dev.errand.models.port.RunError;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RetryPolicyTest {
  private static final Instant NOW = Instant.parse("2026-11-24T20:00:00Z");
  private static final Duration HOUR = Duration.ofHours(1);

  @ParameterizedTest
  @CsvSource({"1,PT0.5S", "2,PT1S", "3,PT2S", "4,PT4S", "5,PT5S", "6,PT5S", "19,PT5S"})
  void theWaitDoublesFromTryToTryUpToTheLongest(int tries, Duration wait) {
    RetryPolicy policy = policy(Duration.ofSeconds(10), 0.5);

    assertEquals(
        new Verdict.RetryInPlace(wait),
        policy.after(temporaryFailure(null), tries, 0, bounds(20, HOUR)));
  }

  @ParameterizedTest
  @CsvSource({"0,PT0S", "0.25,PT1S", "0.999,PT3.996S"})
  void theWaitIsAnyPartOfTheBackOff(double chance, Duration wait) {
    RetryPolicy policy = policy(Duration.ofSeconds(10), chance);

    assertEquals(
        new Verdict.RetryInPlace(wait),
        policy.after(temporaryFailure(null), 3, 0, bounds(20, HOUR)));
  }

  @ParameterizedTest
  @CsvSource({"PT0S,PT0.5S", "PT2S,PT2.5S", "PT9.4S,PT9.9S"})
  void aServerThatSaysWhenIsNotAskedBefore(Duration asked, Duration wait) {
    RetryPolicy policy = policy(Duration.ofSeconds(10), 0.5);

    assertEquals(
        new Verdict.RetryInPlace(wait),
        policy.after(temporaryFailure(asked), 1, 0, bounds(3, HOUR)));
  }

  @Test
  void aLongWaitIsSpentElsewhere() {
    RetryPolicy policy = policy(Duration.ofSeconds(5), 0);

    assertEquals(
        new Verdict.RetryLater(Duration.ofSeconds(5)),
        policy.after(temporaryFailure(Duration.ofSeconds(5)), 1, 0, bounds(3, HOUR)));
    assertEquals(
        new Verdict.RetryInPlace(Duration.ofMillis(4999)),
        policy.after(temporaryFailure(Duration.ofMillis(4999)), 1, 0, bounds(3, HOUR)));
  }

  @Test
  void noServerMayAskForMoreThanTheLongestWait() {
    RetryPolicy policy = policy(Duration.ofSeconds(5), 0);

    assertEquals(
        new Verdict.RetryLater(Duration.ofMinutes(20)),
        policy.after(temporaryFailure(Duration.ofDays(100_000)), 1, 0, bounds(3, HOUR)));
  }

  @Test
  void theTaskLimitsTheAttempts() {
    RetryPolicy policy = policy(Duration.ofSeconds(5), 0);

    assertInstanceOf(
        Verdict.RetryInPlace.class, policy.after(temporaryFailure(null), 2, 0, bounds(3, HOUR)));
    assertEquals(
        new Verdict.GiveUp("It was asked 3 times; settings.max_attempts allows no more."),
        policy.after(temporaryFailure(null), 3, 0, bounds(3, HOUR)));
    assertEquals(
        new Verdict.GiveUp("It was asked once; settings.max_attempts allows no more."),
        policy.after(temporaryFailure(null), 1, 0, bounds(1, HOUR)));
  }

  @Test
  void triesBeforeARunWasTriedAgainLaterAreToldButDoNotCount() {
    RetryPolicy policy = policy(Duration.ofSeconds(5), 0);

    assertInstanceOf(
        Verdict.RetryInPlace.class, policy.after(temporaryFailure(null), 1, 6, bounds(2, HOUR)));
    assertEquals(
        new Verdict.GiveUp(
            "It was asked 8 times, 2 of them since it was last tried again later;"
                + " settings.max_attempts allows no more."),
        policy.after(temporaryFailure(null), 2, 6, bounds(2, HOUR)));
  }

  @Test
  void invalidCompletionsAreRequestedTwiceAtMost() {
    RetryPolicy policy = policy(Duration.ofSeconds(5), 0);
    var invalid =
        new ModelAnswer.TemporaryFailure(RunError.MODEL_ANSWER_INVALID, "No completion.", null, 0);

    assertInstanceOf(Verdict.RetryInPlace.class, policy.after(invalid, 1, 0, bounds(9, HOUR)));
    assertEquals(
        new Verdict.GiveUp("It was asked 2 times."), policy.after(invalid, 2, 0, bounds(9, HOUR)));
    assertInstanceOf(Verdict.GiveUp.class, policy.after(invalid, 1, 0, bounds(1, HOUR)));
  }

  @Test
  void noRetryWaitsBeyondTheEndOfTheRun() {
    RetryPolicy policy = policy(Duration.ofSeconds(5), 0);
    Duration left = Duration.ofSeconds(30);

    assertInstanceOf(
        Verdict.RetryLater.class,
        policy.after(temporaryFailure(Duration.ofSeconds(29)), 1, 0, bounds(3, left)));
    var end =
        assertInstanceOf(
            Verdict.GiveUp.class,
            policy.after(temporaryFailure(Duration.ofSeconds(30)), 1, 0, bounds(3, left)));
    assertTrue(end.why().contains("30.0 s") && end.why().contains("settings.timeout"), end.why());
  }

  private static ModelAnswer.TemporaryFailure temporaryFailure(@Nullable Duration asked) {
    return new ModelAnswer.TemporaryFailure(RunError.MODEL_UNAVAILABLE, "It failed.", asked, 1);
  }

  private static Bounds bounds(int attempts, Duration left) {
    return new Bounds(
        NOW.plus(left), Duration.ofMinutes(90), 20, 1000, 1, 50, attempts, Set.of(), Set.of());
  }

  private static RetryPolicy policy(Duration postponeFrom, double chance) {
    return new RetryPolicy(
        new TestRetry(postponeFrom), Clock.fixed(NOW, ZoneOffset.UTC), () -> chance);
  }

  private record TestRetry(Duration postponeFrom) implements ModelConfig.Retry {
    @Override
    public Duration backOff() {
      return Duration.ofSeconds(1);
    }

    @Override
    public Duration longestBackOff() {
      return Duration.ofSeconds(10);
    }

    @Override
    public Duration longestWait() {
      return Duration.ofMinutes(20);
    }
  }
}
