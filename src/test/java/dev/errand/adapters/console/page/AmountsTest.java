package dev.errand.adapters.console.page;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.math.BigDecimal;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class AmountsTest {
  @ParameterizedTest
  @CsvSource({
    "0, $0",
    "0.000123, $0.00012",
    "0.0095, $0.0095",
    "0.0149, $0.0149",
    "0.37475, $0.3748",
    "0.5, $0.50",
    "0.999999, $1.00",
    "12.345, $12.35"
  })
  void smallCostsHaveMoreDigits(BigDecimal usd, String text) {
    assertEquals(text, Amounts.cost(usd));
  }
}
