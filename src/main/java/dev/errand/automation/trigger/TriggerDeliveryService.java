package dev.errand.automation.trigger;

import com.fasterxml.jackson.annotation.JsonInclude;
import dev.errand.base.error.ApiException;
import dev.errand.base.error.ErrorCode;
import dev.errand.base.field.ApiSchema;
import dev.errand.base.field.Field;
import dev.errand.identity.account.Caller;
import dev.errand.identity.profile.ProfileSlug;
import dev.errand.identity.profile.Right;
import dev.errand.runs.queue.Run;
import dev.errand.runs.task.TaskAccess;
import io.quarkus.runtime.annotations.RegisterForReflection;
import jakarta.enterprise.context.ApplicationScoped;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The operations on the deliveries to a trigger: list and replay. */
@ApplicationScoped
public class TriggerDeliveryService {
  private static final int MOST_TRIED = 10;

  private final TaskAccess tasks;
  private final TriggerStore triggers;
  private final TriggerDeliveryLog log;
  private final TriggerDeliverySeal seal;
  private final TriggerDeliveryReceiver reception;
  private final TriggerDeliveryConditions conditions;

  TriggerDeliveryService(
      TaskAccess tasks,
      TriggerStore triggers,
      TriggerDeliveryLog log,
      TriggerDeliverySeal seal,
      TriggerDeliveryReceiver reception,
      TriggerDeliveryConditions conditions) {
    this.tasks = tasks;
    this.triggers = triggers;
    this.log = log;
    this.seal = seal;
    this.reception = reception;
    this.conditions = conditions;
  }

  /** A delivery as the trigger's owner sees it. */
  @RegisterForReflection
  @JsonInclude(JsonInclude.Include.ALWAYS)
  @ApiSchema("Delivery")
  public record TriggerDeliveryView(
      @Field long id,
      @Field Instant receivedAt,
      @Field("The address of the sender.") String sender,
      @Field(
              value = "`filtered`: it did not meet `when`, and started nothing.",
              codes = TriggerDelivery.Verdict.class)
          String verdict,
      @Field("The code of the error, if the delivery failed or was refused.") @Nullable String code,
      @Field("What was wrong, or why it did not meet `when`.") @Nullable String message,
      @Field("The name of its event, as `when` reads it; null where it has none or was refused.")
          @Nullable String event,
      @Field("The name of its run.") @Nullable String run,
      @Field @Nullable String contentType,
      @Field int bodyBytes,
      @Field boolean replayable,
      @Field @Nullable Long replayOf) {
    static TriggerDeliveryView of(TriggerDelivery delivery) {
      return new TriggerDeliveryView(
          delivery.id(),
          delivery.receivedAt(),
          delivery.sender(),
          delivery.verdict().code(),
          delivery.code(),
          delivery.message(),
          delivery.event(),
          delivery.runName(),
          delivery.contentType(),
          delivery.bodyBytes(),
          delivery.isStored(),
          delivery.replayOf());
    }
  }

  /**
   * The last deliveries to a trigger, newest first.
   *
   * @throws ApiException {@link ErrorCode#PROFILE_NOT_FOUND}, {@link ErrorCode#TASK_NOT_FOUND} or
   *     {@link ErrorCode#TRIGGER_NOT_FOUND}
   */
  public List<TriggerDeliveryView> list(
      Caller caller, ProfileSlug profile, String task, String name) {
    return log.newest(trigger(caller, profile, task, name, Right.SEE).id()).stream()
        .map(TriggerDeliveryView::of)
        .toList();
  }

  /**
   * A delivery with the content that is stored for a replay.
   *
   * @param fields the header fields that determine how the body is read, and those that the trigger
   *     names
   * @param body the body as text, where it is stored; invalid bytes become U+FFFD
   */
  public record StoredDelivery(
      TriggerDeliveryView delivery, Map<String, List<String>> fields, @Nullable String body) {
    @Override
    public String toString() {
      return "StoredDelivery[" + delivery.id() + "]";
    }
  }

  /**
   * A delivery with its body, for users who may replay it, since its run would show them the same.
   *
   * @throws ApiException as {@link #list}, or {@link ErrorCode#DELIVERY_NOT_FOUND}
   */
  public StoredDelivery get(
      Caller caller, ProfileSlug profile, String task, String name, String delivery) {
    TriggerSnapshot trigger = trigger(caller, profile, task, name, Right.RUN);
    TriggerDelivery found = require(trigger, delivery);
    return kept(trigger, found, found.sender())
        .map(
            kept ->
                new StoredDelivery(
                    TriggerDeliveryView.of(found),
                    kept.fields().byName(),
                    new String(kept.body(), StandardCharsets.UTF_8)))
        .orElseGet(() -> new StoredDelivery(TriggerDeliveryView.of(found), Map.of(), null));
  }

  /**
   * Replays a delivery.
   *
   * @param sender the network address of the caller
   * @return its run
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
    TriggerSnapshot trigger = trigger(caller, profile, task, name, Right.RUN);
    TriggerDelivery found = require(trigger, delivery);
    HookRequest kept =
        kept(trigger, found, sender)
            .orElseThrow(
                () ->
                    new ApiException(
                        ErrorCode.NOT_REPLAYABLE,
                        "This delivery was not stored for replay: it was %s and had %s bytes."
                            .formatted(found.verdict().code(), found.bodyBytes())));
    return reception.replay(caller, trigger, found, kept).run();
  }

  /**
   * A past delivery beside a filter.
   *
   * @param unmet why it would start no run, as a sentence; null where it would
   */
  public record TriedDelivery(TriggerDeliveryView delivery, @Nullable String unmet) {}

  /**
   * Says which of the newest stored deliveries would start runs by a filter. Nothing is started. Of
   * their header fields, only those are stored that the trigger named when they came.
   *
   * @throws ApiException as {@link #list}
   */
  public List<TriedDelivery> tried(
      Caller caller, ProfileSlug profile, String task, String name, TriggerFilter filter) {
    TriggerSnapshot trigger = trigger(caller, profile, task, name, Right.EDIT);
    return log.newest(trigger.id()).stream()
        .filter(delivery -> delivery.isStored() && delivery.replayOf() == null)
        .limit(MOST_TRIED)
        .flatMap(
            delivery ->
                kept(trigger, delivery, delivery.sender())
                    .map(
                        kept ->
                            new TriedDelivery(
                                TriggerDeliveryView.of(delivery),
                                conditions.unmet(caller, trigger, kept, filter).orElse(null)))
                    .stream())
        .toList();
  }

  private Optional<HookRequest> kept(
      TriggerSnapshot trigger, TriggerDelivery delivery, String sender) {
    return log.content(trigger.id(), delivery.id())
        .map(content -> seal.open(trigger, content, sender));
  }

  private TriggerSnapshot trigger(
      Caller caller, ProfileSlug profile, String task, String name, Right right) {
    return triggers.read(tasks.require(caller, profile, task, right), name);
  }

  private TriggerDelivery require(TriggerSnapshot trigger, String delivery) {
    return number(delivery)
        .flatMap(id -> log.find(trigger.id(), id))
        .orElseThrow(
            () ->
                new ApiException(
                    ErrorCode.DELIVERY_NOT_FOUND,
                    "The trigger %s no longer has the delivery %s."
                        .formatted(trigger.name(), delivery)));
  }

  private static Optional<Long> number(String text) {
    return text.matches("[0-9]{1,18}") ? Optional.of(Long.valueOf(text)) : Optional.empty();
  }
}
