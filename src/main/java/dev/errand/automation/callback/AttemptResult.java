package dev.errand.automation.callback;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * The result of an attempt to deliver a callback.
 *
 * @param status the HTTP status, where there was an answer
 * @param error a sentence that says why there was none
 */
record AttemptResult(
    @Nullable Integer status, @Nullable String error, Duration took, Duration askedToWait) {

  /** Whether the receiver accepted it. */
  boolean isAccepted() {
    return status != null && status >= 200 && status < 300;
  }

  /**
   * Whether the receiver answered 410: it refuses further deliveries, which disables the callback.
   */
  boolean isUnwanted() {
    return status != null && status == 410;
  }
}
