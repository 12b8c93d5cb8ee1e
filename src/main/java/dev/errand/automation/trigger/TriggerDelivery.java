package dev.errand.automation.trigger;

import dev.errand.base.error.ErrorCode;
import dev.errand.base.json.Coded;
import io.quarkus.runtime.annotations.RegisterForReflection;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * A request to a trigger's address, with its result.
 *
 * @param id its id; ids grow in the order of receipt
 * @param code the code of its error, a {@link ErrorCode}; null if it succeeded
 * @param message the error as a sentence, or why it did not meet the condition; null if it
 *     succeeded
 * @param event the name of its event, as the condition of its trigger reads it; null where it has
 *     none, or was not read
 * @param isStored whether its content is stored for a replay
 * @param replayOf the delivery that it replays; null for an original
 */
@RegisterForReflection
public record TriggerDelivery(
    long id,
    Instant receivedAt,
    String sender,
    Verdict verdict,
    @Nullable String code,
    @Nullable String message,
    @Nullable String event,
    @Nullable String runName,
    @Nullable String contentType,
    int bodyBytes,
    boolean isStored,
    @Nullable Long replayOf) {

  /** What became of it; the lower-case name is the {@code verdict} in JSON. */
  public enum Verdict implements Coded {
    /** It started a run. */
    STARTED,
    /** Its run existed. */
    KNOWN,
    /** It did not meet the trigger's condition, and started nothing. */
    FILTERED,
    /** It was a verification challenge for the address. */
    CHALLENGED,
    /** It was verified, but no run could be started. */
    FAILED,
    /** It was not verified, or exceeded the rate limit. */
    REFUSED;

    static Verdict of(String code) {
      return Coded.of(Verdict.class, code);
    }
  }
}
