package dev.errand.adapters.console.trigger;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.errand.adapters.console.page.Mark;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TriggerDeliveryLineTest {
  @ParameterizedTest
  @CsvSource({
    "started, READY",
    "failed, ERROR",
    "known, SKIPPED",
    "filtered, SKIPPED",
    "challenged, SKIPPED",
    "refused, SKIPPED",
    "of_another_version, SKIPPED"
  })
  void theMarkIsThatOfTheVerdict(String verdict, Mark mark) {
    assertEquals(mark, TriggerDeliveryLine.mark(verdict));
  }
}
