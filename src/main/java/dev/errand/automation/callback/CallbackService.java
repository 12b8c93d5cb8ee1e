package dev.errand.automation.callback;

import com.fasterxml.jackson.annotation.JsonInclude;
import dev.errand.automation.delivery.DeliveryQueue;
import dev.errand.automation.delivery.DeliveryView;
import dev.errand.base.database.Sql;
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
import dev.errand.runs.task.CallbackSwitch;
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
  private static final String OF_TASK =
      """
      SELECT task_callback.*, disabled_at IS NULL AS enabled FROM task_callback
      WHERE task_id = :task_id ORDER BY created_at, url
      """;

  private final TaskAccess tasks;
  private final Sql sql;
  private final CallbackSwitch callbacks;
  private final DeliveryQueue queue;
  private final RedeliveryLimit limit;
  private final Audit audit;

  CallbackService(
      TaskAccess tasks,
      Sql sql,
      CallbackSwitch callbacks,
      DeliveryQueue queue,
      RedeliveryLimit limit,
      Audit audit) {
    this.tasks = tasks;
    this.sql = sql;
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
    CallbackView withServerAlone() {
      return new CallbackView(
          id,
          MessageAddress.serverOf(url),
          events,
          include,
          secretHints,
          enabled,
          disabledAt,
          createdAt);
    }
  }

  /**
   * The task's callbacks.
   *
   * @throws ApiException {@link ErrorCode#PROFILE_NOT_FOUND} or {@link ErrorCode#TASK_NOT_FOUND}
   */
  public List<CallbackView> list(Caller caller, ProfileSlug profile, String task) {
    TaskSnapshot snapshot = tasks.require(caller, profile, task, Right.SEE);
    List<CallbackView> all = all(snapshot);
    return tasks.allows(caller, snapshot, Right.EDIT)
        ? all
        : all.stream().map(CallbackView::withServerAlone).toList();
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

  /** The callbacks of a task, the oldest first. */
  private List<CallbackView> all(TaskSnapshot task) {
    return sql.statement(OF_TASK).with("task_id", task.id()).list(CallbackView.class);
  }

  private CallbackView require(TaskSnapshot task, String callback) {
    return all(task).stream()
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
