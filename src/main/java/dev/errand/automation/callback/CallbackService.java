package dev.errand.automation.callback;

import com.fasterxml.jackson.annotation.JsonInclude;
import dev.errand.automation.delivery.DeliveryQueue;
import dev.errand.automation.delivery.DeliveryView;
import dev.errand.base.database.Row;
import dev.errand.base.egress.address.MessageAddress;
import dev.errand.base.error.ApiException;
import dev.errand.base.error.ErrorCode;
import dev.errand.base.field.ApiSchema;
import dev.errand.base.field.Field;
import dev.errand.identity.account.Caller;
import dev.errand.identity.audit.Audit;
import dev.errand.identity.audit.AuditAction;
import dev.errand.identity.profile.ProfileSlug;
import dev.errand.identity.profile.Right;
import dev.errand.runs.task.TaskAccess;
import dev.errand.runs.task.TaskSnapshot;
import io.quarkus.runtime.annotations.RegisterForReflection;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.transaction.Transactional;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** The operations on a task's callbacks: list, deliveries, redeliver, enable. */
@ApplicationScoped
public class CallbackService {
  private final TaskAccess tasks;
  private final CallbackStore callbacks;
  private final DeliveryQueue queue;
  private final RedeliveryLimit limit;
  private final Audit audit;

  CallbackService(
      TaskAccess tasks,
      CallbackStore callbacks,
      DeliveryQueue queue,
      RedeliveryLimit limit,
      Audit audit) {
    this.tasks = tasks;
    this.callbacks = callbacks;
    this.queue = queue;
    this.limit = limit;
    this.audit = audit;
  }

  /** A callback as its owner sees it. */
  @RegisterForReflection
  @JsonInclude(JsonInclude.Include.ALWAYS)
  @ApiSchema("TaskCallback")
  public record CallbackView(
      @Field UUID id,
      @Field(
              "The whole URL for editors with the scope `write`; for others its "
                  + "server, such as `https://example.org`.")
          String url,
      @Field List<String> events,
      @Field("What the callbacks contain besides the address of the run.") List<String> include,
      @Field List<String> secretHints,
      @Field boolean enabled,
      @Field @Nullable Instant disabledAt,
      @Field Instant createdAt) {
    static CallbackView of(Row row, boolean toEditor) {
      String url = row.text("url");
      Instant disabledAt = row.timeOrNull("disabled_at");
      return new CallbackView(
          row.id("id"),
          toEditor ? url : MessageAddress.serverOf(url),
          row.texts("events"),
          row.texts("include"),
          row.texts("secret_hints"),
          disabledAt == null,
          disabledAt,
          row.time("created_at"));
    }
  }

  /**
   * The task's callbacks.
   *
   * @throws ApiException {@link ErrorCode#PROFILE_NOT_FOUND} or {@link ErrorCode#TASK_NOT_FOUND}
   */
  public List<CallbackView> list(Caller caller, ProfileSlug profile, String task) {
    TaskSnapshot snapshot = tasks.require(caller, profile, task, Right.SEE);
    return callbacks.ofTask(snapshot.id(), tasks.allows(caller, snapshot, Right.EDIT));
  }

  /**
   * The newest deliveries to a callback, the newest first.
   *
   * @throws ApiException as {@link #list}, or {@link ErrorCode#CALLBACK_NOT_FOUND}
   */
  public List<DeliveryView> deliveries(
      Caller caller, ProfileSlug profile, String task, String callback) {
    return queue.newestOfCallback(
        require(tasks.require(caller, profile, task, Right.SEE), callback).id());
  }

  /**
   * Repeats a delivery under the same id, with retries until it is accepted.
   *
   * @throws ApiException as {@link #deliveries}, {@link ErrorCode#CALLBACK_OFF}, {@link
   *     ErrorCode#DELIVERY_NOT_FOUND} or {@link ErrorCode#RATE_LIMITED}
   */
  @Transactional
  public DeliveryView redeliver(
      Caller caller, ProfileSlug profile, String task, String callback, String delivery) {
    TaskSnapshot snapshot = tasks.require(caller, profile, task, Right.EDIT);
    CallbackView found = require(snapshot, callback);
    if (!found.enabled()) {
      throw new ApiException(
          ErrorCode.CALLBACK_OFF,
          "The callback is switched off because its address answered 410: enable it first.");
    }
    UUID id = known(found.id(), delivery).id();
    limit.take(snapshot.profile().user().id());
    queue.again(id);
    audit.record(
        caller,
        AuditAction.CALLBACK_REDELIVERED,
        path(snapshot, found),
        null,
        Map.of("delivery", id.toString()));
    return known(found.id(), delivery);
  }

  /**
   * Enables a callback that a 410 has disabled.
   *
   * @throws ApiException as {@link #deliveries}
   */
  @Transactional
  public CallbackView enable(Caller caller, ProfileSlug profile, String task, String callback) {
    TaskSnapshot snapshot = tasks.require(caller, profile, task, Right.EDIT);
    CallbackView before = require(snapshot, callback);
    callbacks.enable(before.id());
    CallbackView after = require(snapshot, callback);
    audit.record(caller, AuditAction.CALLBACK_ENABLED, path(snapshot, before), before, after);
    return after;
  }

  private static String path(TaskSnapshot task, CallbackView callback) {
    return task.path() + "/callbacks/" + callback.id();
  }

  private CallbackView require(TaskSnapshot task, String callback) {
    return callbacks.ofTask(task.id(), true).stream()
        .filter(known -> known.id().toString().equals(callback))
        .findFirst()
        .orElseThrow(
            () ->
                new ApiException(
                    ErrorCode.CALLBACK_NOT_FOUND,
                    "The task " + task.name() + " has no callback " + callback + "."));
  }

  private DeliveryView known(UUID callbackId, String delivery) {
    return queue.newestOfCallback(callbackId).stream()
        .filter(known -> known.id().toString().equals(delivery))
        .findFirst()
        .orElseThrow(
            () ->
                new ApiException(
                    ErrorCode.DELIVERY_NOT_FOUND,
                    "The callback no longer has the delivery " + delivery + "."));
  }
}
