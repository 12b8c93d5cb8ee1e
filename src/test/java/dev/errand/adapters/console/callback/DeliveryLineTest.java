package dev.errand.adapters.console.callback;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.errand.adapters.console.page.Mark;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class DeliveryLineTest {
  @ParameterizedTest
  @CsvSource({
    "delivered, READY",
    "failed, ERROR",
    "pending, PENDING",
    "cancelled, SKIPPED",
    "of_another_version, SKIPPED"
  })
  void theMarkIsThatOfTheState(String state, Mark mark) {
    assertEquals(mark, DeliveryLine.mark(state));
  }
}
