package dev.errand.automation.trigger.delivery;

import com.fasterxml.jackson.annotation.JsonInclude;
import dev.errand.automation.trigger.TaskTrigger;
import dev.errand.automation.trigger.TriggerStore;
import dev.errand.base.error.ApiException;
import dev.errand.base.error.ErrorCode;
import dev.errand.identity.account.Caller;
import dev.errand.identity.profile.ProfileAccess;
import dev.errand.identity.profile.ProfileSlug;
import dev.errand.runs.queue.record.Run;
import dev.errand.runs.task.Task;
import dev.errand.runs.task.TaskStore;
import io.quarkus.runtime.annotations.RegisterForReflection;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** What a caller may do with the deliveries to a trigger: list, replay. */
@ApplicationScoped
public class DeliveryService {
  private final ProfileAccess access;
  private final TaskStore tasks;
  private final TriggerStore triggers;
  private final DeliveryLog log;
  private final DeliverySeal seal;
  private final DeliveryReceiver reception;

  DeliveryService(
      ProfileAccess access,
      TaskStore tasks,
      TriggerStore triggers,
      DeliveryLog log,
      DeliverySeal seal,
      DeliveryReceiver reception) {
    this.access = access;
    this.tasks = tasks;
    this.triggers = triggers;
    this.log = log;
    this.seal = seal;
    this.reception = reception;
  }

  /**
   * A delivery as the trigger's owner sees it.
   *
   * @param id its number
   * @param receivedAt when it came
   * @param sender the address that it came from
   * @param verdict started, known, challenged, failed or refused
   * @param code why nothing came of it
   * @param message a sentence that says so
   * @param run the run that it is of
   * @param contentType what it was declared as
   * @param bodyBytes how large it was
   * @param replayable whether it can be done again
   * @param replayOf the delivery that it repeats
   */
  @RegisterForReflection
  @JsonInclude(JsonInclude.Include.ALWAYS)
  public record DeliveryView(
      long id,
      Instant receivedAt,
      String sender,
      String verdict,
      @Nullable String code,
      @Nullable String message,
      @Nullable String run,
      @Nullable String contentType,
      int bodyBytes,
      boolean replayable,
      @Nullable Long replayOf) {
    static DeliveryView of(TriggerDelivery delivery) {
      return new DeliveryView(
          delivery.id(),
          delivery.receivedAt(),
          delivery.sender(),
          delivery.verdict().code(),
          delivery.code(),
          delivery.message(),
          delivery.runName(),
          delivery.contentType(),
          delivery.bodyBytes(),
          delivery.sealed() != null,
          delivery.replayOf());
    }
  }

  /**
   * The newest deliveries to a trigger, the newest first.
   *
   * @throws ApiException {@link ErrorCode#PROFILE_NOT_FOUND}, {@link ErrorCode#TASK_NOT_FOUND} or
   *     {@link ErrorCode#TRIGGER_NOT_FOUND}
   */
  public List<DeliveryView> list(Caller caller, ProfileSlug profile, String task, String name) {
    return log.newest(trigger(caller, profile, task, name).id).stream()
        .map(DeliveryView::of)
        .toList();
  }

  /**
   * Does a delivery again.
   *
   * @param sender the address of whoever wants it
   * @return the run that it came to
   * @throws ApiException as {@link #list}, {@link ErrorCode#DELIVERY_NOT_FOUND}, {@link
   *     ErrorCode#NOT_REPLAYABLE}, or when the run can't be started
   */
  public Run replay(
      Caller caller,
      ProfileSlug profile,
      String task,
      String name,
      String delivery,
      String sender) {
    TaskTrigger trigger = trigger(caller, profile, task, name);
    TriggerDelivery found =
        number(delivery)
            .flatMap(id -> log.find(trigger.id, id))
            .orElseThrow(
                () ->
                    new ApiException(
                        ErrorCode.DELIVERY_NOT_FOUND,
                        "The trigger " + name + " has no delivery " + delivery + " any more."));
    byte[] sealed = found.sealed();
    if (sealed == null) {
      throw new ApiException(
          ErrorCode.NOT_REPLAYABLE,
          "Of this delivery nothing is kept that could be done again: it was "
              + found.verdict().code()
              + " and had "
              + found.bodyBytes()
              + " bytes.");
    }
    return reception.repeat(trigger, found, seal.open(trigger, sealed, sender)).run();
  }

  private TaskTrigger trigger(Caller caller, ProfileSlug profile, String task, String name) {
    Task of = tasks.require(access.own(caller, profile), task);
    TaskTrigger trigger = triggers.require(of, name);
    // What was found stands behind a proxy that asks a session which has ended.
    trigger.task = of;
    return trigger;
  }

  private static Optional<Long> number(String text) {
    return text.matches("[0-9]{1,18}") ? Optional.of(Long.valueOf(text)) : Optional.empty();
  }
}
