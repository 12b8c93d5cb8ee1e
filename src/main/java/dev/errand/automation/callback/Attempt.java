package dev.errand.automation.callback;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * How an attempt to tell something ended.
 *
 * @param status the HTTP status, where there was an answer
 * @param error a sentence that says why there was none
 * @param took how long it took
 * @param askedToWait how long the other side asks to be left alone
 */
record Attempt(
    @Nullable Integer status, @Nullable String error, Duration took, Duration askedToWait) {

  /** Whether it was heard. */
  boolean isHeard() {
    return status != null && status >= 200 && status < 300;
  }

  /** Whether the other side wants to hear nothing any more. */
  boolean isUnwanted() {
    return status != null && status == 410;
  }
}
