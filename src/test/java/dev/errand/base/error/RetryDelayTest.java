package dev.errand.base.error;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RetryDelayTest {
  @ParameterizedTest
  @CsvSource({"PT0S,1", "PT0.000000001S,1", "PT1S,1", "PT1.000000001S,2", "PT1.9S,2", "PT1H,3600"})
  void aClientThatWaitsAsLongHasWaitedLongEnough(Duration wait, String seconds) {
    Map<String, String> header = Map.of("Retry-After", seconds);
    assertEquals(header, RetryDelay.header(wait));
    assertEquals(
        header, ApiException.retryLater(ErrorCode.RATE_LIMITED, "Too often.", wait).headers());
  }
}
