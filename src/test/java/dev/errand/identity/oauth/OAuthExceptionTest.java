package dev.errand.identity.oauth;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;

class OAuthExceptionTest {
  @Test
  void aClientThatWaitsAsLongAsItIsToldHasWaitedLongEnough() {
    Duration wait = Duration.ofMillis(1900);
    Map<String, String> header = Map.of("Retry-After", "2");

    assertEquals(header, OAuthException.tooOften("Too often.", wait).headers());
    assertEquals(header, OAuthException.later("Not now.", wait).headers());
  }
}
