package dev.errand.models.loop;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.errand.models.port.Bounds;
import dev.errand.models.port.Outcome;
import dev.errand.models.port.RunError;
import dev.errand.models.port.RunWarning;
import dev.errand.models.port.Usage;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class BoundsCheckTest {
  private static final Instant START = Instant.parse("2026-11-24T20:00:00Z");

  @ParameterizedTest
  @CsvSource({
    "599,9,999,0.99,50,",
    "600,9,999,0.99,50,TIMEOUT",
    "0,10,999,0.99,50,MAX_STEPS",
    "0,9,1000,0.99,50,MAX_TOKENS",
    "0,9,999,1,50,MAX_COST",
    "0,9,999,,99,",
  })
  void theModelIsAskedUntilABoundIsReached(
      long second,
      int steps,
      long tokens,
      @Nullable Double cost,
      int calls,
      @Nullable RunError end) {
    assertEquals(
        Optional.ofNullable(end),
        check(second).beforeAsking(used(steps, tokens, cost, calls)).map(Outcome.Failed::failure));
  }

  @ParameterizedTest
  @CsvSource({"599,50,", "0,51,MAX_TOOL_CALLS", "600,50,TIMEOUT"})
  void toolsAreCalledAsOftenAsTheBoundSays(long second, int calls, @Nullable RunError end) {
    assertEquals(
        Optional.ofNullable(end),
        check(second).beforeCalling(used(99, 99_999, 9.9, calls)).map(Outcome.Failed::failure));
  }

  @Test
  void aSentenceNamesTheSettingAndBothAmounts() {
    assertEquals(
        "The run cost 1.25 US dollars; settings.max_cost_usd allows 1.",
        check(0).beforeAsking(used(1, 1, 1.25, 0)).orElseThrow().sentence());
    assertEquals(
        "The run used 1200 tokens; errand.run.ceiling.max-tokens allows 1000.",
        check(0).beforeAsking(used(1, 1200, null, 0)).orElseThrow().sentence());
    assertEquals(
        "The run did not end within 10 minutes, its settings.timeout.",
        check(600).beforeAsking(used(1, 1, null, 0)).orElseThrow().sentence());
  }

  @Test
  void eachBoundIsWarnedOfOnceWhenFourFifthsOfItAreUsed() {
    BoundsCheck check = check(0);

    assertEquals(List.of(), check.nearing(used(7, 799, 0.79, 39)));
    assertEquals(
        List.of(
            new RunWarning.NearLimit(
                RunError.MAX_STEPS, "80 % of settings.max_steps is used: 8 of 10"),
            new RunWarning.NearLimit(
                RunError.MAX_COST, "80 % of settings.max_cost_usd is used: 0.8 of 1 US dollars")),
        check.nearing(used(8, 799, 0.8, 39)));
    assertEquals(
        List.of(RunError.MAX_TOKENS, RunError.MAX_TOOL_CALLS),
        check.nearing(used(9, 5000, 0.9, 40)).stream()
            .map(warning -> ((RunWarning.NearLimit) warning).about())
            .toList());
    assertEquals(List.of(), check.nearing(used(10, 9000, 1.0, 50)));
  }

  @Test
  void timeThatRunsOutIsWarnedOfToo() {
    assertEquals(List.of(), check(479).nearing(Usage.NONE));
    assertEquals(
        List.of(
            new RunWarning.NearLimit(
                RunError.TIMEOUT,
                "80 % of settings.timeout is used: 8 minutes and 1 second of 10 minutes")),
        check(481).nearing(Usage.NONE));
  }

  @Test
  void warningsAreNotRepeated() {
    BoundsCheck check = new BoundsCheck(bounds(10), Set.of(RunError.MAX_STEPS), at(0));

    assertEquals(List.of(), check.nearing(used(9, 1, null, 0)));
  }

  @ParameterizedTest
  @CsvSource({"4,4,0", "1,1,0", "5,4,1"})
  void aBoundWithNothingBeforeItsEndIsNotWarnedOf(int most, int steps, int warnings) {
    BoundsCheck check = new BoundsCheck(bounds(most), Set.of(), at(0));

    assertEquals(warnings, check.nearing(used(steps, 1, null, 0)).size());
  }

  @Test
  void theCostOfTheFirstAnswerOfAnAttemptIsJudged() {
    assertEquals(
        Optional.of(
            "the model's server reports none, and no price of the model is known. Set the model's"
                + " price by errand.model.prices,"),
        check(0).unpriced(new Usage.Step(9, 0, 9, 0, 0, 0, null, 1)));
    assertEquals(
        Optional.of(
            "the model's server reports neither a cost nor tokens. Use one that counts tokens,"),
        check(0).unpriced(new Usage.Step(0, 0, 0, 0, 0, 0, null, 1)));
    BoundsCheck check = check(0);
    assertEquals(Optional.empty(), check.unpriced(new Usage.Step(9, 0, 9, 0, 0, 0, 0.0, 1)));
    assertEquals(Optional.empty(), check.unpriced(new Usage.Step(9, 0, 9, 0, 0, 0, null, 1)));
  }

  private static BoundsCheck check(long second) {
    return new BoundsCheck(bounds(10), Set.of(), at(second));
  }

  private static Bounds bounds(int steps) {
    Duration timeout = Duration.ofMinutes(10);
    return new Bounds(
        START.plus(timeout), timeout, steps, 1000, 1, 50, 3, Set.of(RunError.MAX_TOKENS), Set.of());
  }

  private static Clock at(long second) {
    return Clock.fixed(START.plusSeconds(second), ZoneOffset.UTC);
  }

  private static Usage used(int steps, long tokens, @Nullable Double cost, int calls) {
    return new Usage(tokens, 0, tokens, 0, 0, 0, steps, calls, 0, cost, 0, 0, null, null);
  }
}
