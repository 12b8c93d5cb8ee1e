package dev.errand.identity.signin;

import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.errand.base.error.ApiException;
import dev.errand.base.error.ErrorCode;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import org.junit.jupiter.api.Test;

class AttemptLimitsTest {
  private static final int PER_ACCOUNT = 3;
  private static final int BY_STRANGERS = 5;
  private static final int PER_ADDRESS = 4;

  private final AttemptLimits limits =
      new AttemptLimits(
          Clock.fixed(Instant.parse("2026-01-01T00:00:00Z"), ZoneOffset.UTC),
          new SignInConfig() {
            @Override
            public int perAccount() {
              return PER_ACCOUNT;
            }

            @Override
            public int perAccountByStrangers() {
              return BY_STRANGERS;
            }

            @Override
            public int perAddress() {
              return PER_ADDRESS;
            }
          });

  @Test
  void whoGuessesLocksNobodyElseOut() {
    for (int i = 0; i < PER_ACCOUNT; i++) {
      limits.count("admin", "192.0.2.1", false);
    }
    assertLimited(() -> limits.count("admin", "192.0.2.1", false));
    assertDoesNotThrow(() -> limits.count("admin", "192.0.2.2", false));
    assertDoesNotThrow(() -> limits.count("ada", "192.0.2.1", false));
  }

  @Test
  void manyWhoGuessDoNotLockOutWhoIsSignedIn() {
    for (int i = 0; i < BY_STRANGERS; i++) {
      limits.count("admin", "192.0.2." + i, false);
    }
    assertLimited(() -> limits.count("admin", "198.51.100.1", false));
    assertDoesNotThrow(() -> limits.count("admin", "198.51.100.2", true));
  }

  @Test
  void aPlaceWhereSomebodyIsSignedInIsLimitedToo() {
    for (int i = 0; i < PER_ACCOUNT; i++) {
      limits.count("admin", "192.0.2.1", true);
    }
    assertLimited(() -> limits.count("admin", "192.0.2.1", true));
  }

  @Test
  void aNetworkIsLimitedForAllAccountsTogether() {
    for (int i = 0; i < PER_ADDRESS; i++) {
      limits.count("192.0.2.1");
    }
    assertLimited(() -> limits.count("192.0.2.1"));
    assertDoesNotThrow(() -> limits.count("192.0.2.2"));
  }

  private static void assertLimited(Runnable attempt) {
    ApiException refusal = assertThrows(ApiException.class, attempt::run);
    assertEquals(ErrorCode.RATE_LIMITED, refusal.code());
  }
}
