package dev.errand.automation.trigger.delivery;

import dev.errand.base.json.Coded;
import java.time.Instant;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * A request to a trigger's address, with its result.
 *
 * @param id its id; ids grow in the order of receipt
 * @param receivedAt when it was received
 * @param sender the network address of its sender
 * @param verdict its result
 * @param code the code of its error, a {@link dev.errand.base.error.ErrorCode}; null if it
 *     succeeded
 * @param message the error as a sentence; null if it succeeded
 * @param runName the name of its run, if one was started or found
 * @param contentType its content type
 * @param bodyBytes the size of its body in bytes
 * @param sealed the sealed content for a replay; null where it is not stored
 * @param replayOf the delivery that it replays; null for an original
 */
record TriggerDelivery(
    long id,
    Instant receivedAt,
    String sender,
    Verdict verdict,
    @Nullable String code,
    @Nullable String message,
    @Nullable String runName,
    @Nullable String contentType,
    int bodyBytes,
    byte @Nullable [] sealed,
    @Nullable Long replayOf) {

  /** The result of a delivery. */
  enum Verdict implements Coded {
    /** It started a run. */
    STARTED,
    /** Its run existed. */
    KNOWN,
    /** It was a verification challenge for the address. */
    CHALLENGED,
    /** It was verified, but no run could be started. */
    FAILED,
    /** It was not verified, or exceeded the rate limit. */
    REFUSED;

    static Verdict of(String code) {
      return valueOf(code.toUpperCase(Locale.ROOT));
    }
  }
}
