package dev.errand.automation.trigger.delivery;

import java.time.Instant;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * One request to a trigger's address, and what came of it.
 *
 * @param id its number; later ones have greater ones
 * @param receivedAt when it came
 * @param sender the address that it came from
 * @param verdict what came of it
 * @param code why nothing did, a code of {@link dev.errand.base.error.ErrorCode}
 * @param message a sentence that says so
 * @param runName the run that it is of
 * @param contentType what it was declared as
 * @param bodyBytes how large it was
 * @param sealed what is needed to do it again; null where it is not kept
 * @param replayOf the delivery that it repeats
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

  /** What came of a delivery. */
  enum Verdict {
    /** It started a run. */
    STARTED,
    /** Its run was there already. */
    KNOWN,
    /** It asked for a proof that the address is ours. */
    CHALLENGED,
    /** It is its sender's, but started nothing. */
    FAILED,
    /** It did not prove to be its sender's, or came too often. */
    REFUSED;

    /** The verdict as it stands in JSON and in the database. */
    String code() {
      return name().toLowerCase(Locale.ROOT);
    }

    static Verdict of(String code) {
      return valueOf(code.toUpperCase(Locale.ROOT));
    }
  }
}
