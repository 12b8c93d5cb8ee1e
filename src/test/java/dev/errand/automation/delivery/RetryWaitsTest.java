package dev.errand.automation.delivery;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class RetryWaitsTest {
  static final int MOST_ATTEMPTS = 11;

  @Test
  void theWaitsGrowAndTakeADayTogether() {
    Duration all = Duration.ZERO;
    Duration last = Duration.ZERO;
    for (int failures = 1; failures < MOST_ATTEMPTS; failures++) {
      Duration wait = RetryWaits.next(failures, 0.5, Duration.ZERO).orElseThrow();
      assertTrue(wait.compareTo(last) >= 0, wait.toString());
      last = wait;
      all = all.plus(wait);
    }
    assertEquals(Optional.empty(), RetryWaits.next(MOST_ATTEMPTS, 0.5, Duration.ZERO));
    assertEquals(Duration.parse("PT23H51M5S"), all);
  }

  @Test
  void chanceSpreadsAWaitByAFifthEitherWay() {
    assertEquals(Optional.of(Duration.ofSeconds(48)), RetryWaits.next(2, 0, Duration.ZERO));
    assertEquals(Optional.of(Duration.ofSeconds(72)), RetryWaits.next(2, 1, Duration.ZERO));
  }

  @Test
  void aLongerWaitThatIsAskedForIsHeldUpToADay() {
    assertEquals(
        Optional.of(Duration.ofMinutes(10)), RetryWaits.next(1, 0.5, Duration.ofMinutes(10)));
    assertEquals(
        Optional.of(Duration.ofSeconds(5)), RetryWaits.next(1, 0.5, Duration.ofSeconds(2)));
    assertEquals(Optional.of(Duration.ofDays(1)), RetryWaits.next(1, 0.5, Duration.ofDays(400)));
    assertEquals(Optional.empty(), RetryWaits.next(11, 0.5, Duration.ofMinutes(10)));
  }
}
