package dev.errand.automation.delivery;

import com.fasterxml.jackson.annotation.JsonInclude;
import dev.errand.base.json.Coded;
import io.quarkus.runtime.annotations.RegisterForReflection;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * A delivery of a callback or a notice, as the API shows it.
 *
 * @param id its id, in the header {@code webhook-id} of each attempt
 * @param run the run that it concerns; null for none
 * @param installation the installation whose credential it concerns; null for none
 * @param task the task that a notice concerns; null for none, and for a callback
 * @param title the first line of a notice; null for a callback
 * @param state pending, delivered, failed, or cancelled because the callback or channel was
 *     disabled
 * @param nextAt when the next attempt is due; null if there is none
 */
@RegisterForReflection
@JsonInclude(JsonInclude.Include.ALWAYS)
public record DeliveryView(
    UUID id,
    String event,
    @Nullable String run,
    @JsonInclude(JsonInclude.Include.NON_NULL) @Nullable String installation,
    @JsonInclude(JsonInclude.Include.NON_NULL) @Nullable String task,
    @JsonInclude(JsonInclude.Include.NON_NULL) @Nullable String title,
    String state,
    Instant happenedAt,
    @Nullable Instant nextAt,
    List<Made> attempts) {

  /** Whether it was delivered; the lower-case name is the {@code state} in JSON. */
  public enum State implements Coded {
    PENDING,
    DELIVERED,
    FAILED,
    /** Its callback or channel was disabled. */
    CANCELLED
  }

  /**
   * A past attempt.
   *
   * @param at when it had ended
   * @param status the HTTP or SMTP status, where there was an answer
   * @param error why there was none
   */
  @RegisterForReflection
  @JsonInclude(JsonInclude.Include.ALWAYS)
  public record Made(
      int number, Instant at, @Nullable Integer status, @Nullable String error, int tookMs) {}

  DeliveryView withAttempts(List<Made> made) {
    return new DeliveryView(
        id, event, run, installation, task, title, state, happenedAt, nextAt, made);
  }
}
