package dev.errand.automation.delivery;

import com.fasterxml.jackson.annotation.JsonInclude;
import dev.errand.base.field.ApiSchema;
import dev.errand.base.field.Field;
import dev.errand.base.json.Coded;
import dev.errand.runs.event.EventKind;
import io.quarkus.runtime.annotations.RegisterForReflection;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * A delivery of a callback or a notice, as the API shows it: what is declared is that of a
 * callback.
 *
 * @param task the task that a notice concerns; null for none, and for a callback
 * @param title the first line of a notice; null for a callback
 */
@RegisterForReflection
@JsonInclude(JsonInclude.Include.ALWAYS)
@ApiSchema("CallbackDelivery")
public record DeliveryView(
    @Field("The `webhook-id` of each attempt.") UUID id,
    @Field(codes = EventKind.class, group = EventKind.CALLBACKS) String event,
    @Field("The run that it concerns; null for none.") @Nullable String run,
    @Field("The installation whose credential it concerns.")
        @JsonInclude(JsonInclude.Include.NON_NULL)
        @Nullable String installation,
    @JsonInclude(JsonInclude.Include.NON_NULL) @Nullable String task,
    @JsonInclude(JsonInclude.Include.NON_NULL) @Nullable String title,
    @Field(schema = "DeliveryState") String state,
    @Field("When its event happened.") Instant happenedAt,
    @Field("When the next attempt is due.") @Nullable Instant nextAt,
    @Field List<Made> attempts) {

  /** Whether it was delivered. */
  @ApiSchema(
      value = "DeliveryState",
      description = "`cancelled`: its callback or channel was switched off.")
  public enum State implements Coded {
    PENDING,
    DELIVERED,
    FAILED,
    CANCELLED
  }

  /** A past attempt. */
  @RegisterForReflection
  @JsonInclude(JsonInclude.Include.ALWAYS)
  @ApiSchema("DeliveryAttempt")
  public record Made(
      @Field int number,
      @Field("When it had ended.") Instant at,
      @Field("The HTTP or SMTP status; null where there was no answer.") @Nullable Integer status,
      @Field("Why there was none.") @Nullable String error,
      @Field int tookMs) {}

  DeliveryView withAttempts(List<Made> made) {
    return new DeliveryView(
        id, event, run, installation, task, title, state, happenedAt, nextAt, made);
  }
}
