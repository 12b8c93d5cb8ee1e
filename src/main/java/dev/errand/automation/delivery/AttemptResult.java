package dev.errand.automation.delivery;

import dev.errand.automation.delivery.DeliveryObserver.AttemptOutcome;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * The result of an attempt of a delivery.
 *
 * @param status the HTTP or SMTP status, where there was an answer
 * @param error a sentence that says why it failed; null where the status says all
 * @param isFinal whether another attempt would end the same
 */
record AttemptResult(
    AttemptOutcome outcome,
    @Nullable Integer status,
    @Nullable String error,
    boolean isFinal,
    Duration took,
    Duration askedToWait) {}
