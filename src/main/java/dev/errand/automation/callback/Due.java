package dev.errand.automation.callback;

import java.time.Instant;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * Something that is to be told now, and is held to be told here.
 *
 * @param deliveryId its id, the same at each attempt
 * @param attempt the attempt that this is
 * @param failures how many attempts have failed since it was last asked for
 * @param event what happened, {@code run.ready} or {@code run.error}
 * @param happenedAt when
 * @param callbackId whom it is told
 * @param url where
 * @param secretsSealed what to sign with
 * @param baseUrl under which address the service was reached when the callback was asked for
 * @param user the owner
 * @param profile the owner's profile
 * @param task the task
 * @param run the run
 * @param traceparent what asked for the run, as a trace tells of it; null where nothing was traced
 */
record Due(
    UUID deliveryId,
    int attempt,
    int failures,
    String event,
    Instant happenedAt,
    UUID callbackId,
    String url,
    byte[] secretsSealed,
    @Nullable String baseUrl,
    String user,
    String profile,
    String task,
    String run,
    @Nullable String traceparent) {
  @Override
  public String toString() {
    return "Due[" + deliveryId + ", attempt " + attempt + "]";
  }
}
