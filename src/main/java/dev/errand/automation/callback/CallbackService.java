package dev.errand.automation.callback;

import com.fasterxml.jackson.annotation.JsonInclude;
import dev.errand.base.error.ApiException;
import dev.errand.base.error.ErrorCode;
import dev.errand.identity.account.Caller;
import dev.errand.identity.audit.Audit;
import dev.errand.identity.audit.AuditAction;
import dev.errand.identity.profile.Profile;
import dev.errand.identity.profile.ProfileAccess;
import dev.errand.identity.profile.ProfileSlug;
import dev.errand.identity.profile.Right;
import dev.errand.runs.task.TaskCallback;
import dev.errand.runs.task.TaskStore;
import dev.errand.runs.task.settings.Callback;
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
  private final ProfileAccess access;
  private final TaskStore tasks;
  private final CallbackQueue queue;
  private final Audit audit;

  CallbackService(ProfileAccess access, TaskStore tasks, CallbackQueue queue, Audit audit) {
    this.access = access;
    this.tasks = tasks;
    this.queue = queue;
    this.audit = audit;
  }

  /**
   * A callback as its owner sees it.
   *
   * @param id its id
   * @param url the URL of its POST requests; only its server for users who may not change it
   * @param events the events that it receives
   * @param include the parts of the run that they contain besides its address
   * @param secretHints the end of each secret
   * @param enabled whether it receives deliveries
   * @param disabledAt when it was disabled
   * @param createdAt when it was registered
   */
  @RegisterForReflection
  @JsonInclude(JsonInclude.Include.ALWAYS)
  public record CallbackView(
      UUID id,
      String url,
      List<String> events,
      List<String> include,
      List<String> secretHints,
      boolean enabled,
      @Nullable Instant disabledAt,
      Instant createdAt) {
    static CallbackView of(TaskCallback callback) {
      return of(callback, true);
    }

    static CallbackView of(TaskCallback callback, boolean toEditor) {
      return new CallbackView(
          callback.id,
          toEditor ? callback.url : Callback.serverOf(callback.url),
          callback.events,
          callback.include,
          callback.secretHints,
          callback.disabledAt == null,
          callback.disabledAt,
          callback.createdAt);
    }
  }

  /**
   * The task's callbacks.
   *
   * @throws ApiException {@link ErrorCode#PROFILE_NOT_FOUND} or {@link ErrorCode#TASK_NOT_FOUND}
   */
  public List<CallbackView> list(Caller caller, ProfileSlug profile, String task) {
    Profile of = access.requireOfTask(caller, profile, task, Right.SEE);
    boolean toEditor = access.allows(caller, of, Right.EDIT);
    return tasks.callbacks(tasks.require(of, task)).stream()
        .map(callback -> CallbackView.of(callback, toEditor))
        .toList();
  }

  /**
   * The newest deliveries to a callback, the newest first.
   *
   * @throws ApiException as {@link #list}, or {@link ErrorCode#CALLBACK_NOT_FOUND}
   */
  public List<CallbackDelivery> deliveries(
      Caller caller, ProfileSlug profile, String task, String callback) {
    return queue.newest(require(caller, profile, task, callback, Right.SEE).id);
  }

  /**
   * Repeats a delivery under the same id, with retries until it is accepted.
   *
   * @throws ApiException as {@link #deliveries}, {@link ErrorCode#CALLBACK_OFF} or {@link
   *     ErrorCode#DELIVERY_NOT_FOUND}
   */
  @Transactional
  public CallbackDelivery redeliver(
      Caller caller, ProfileSlug profile, String task, String callback, String delivery) {
    TaskCallback found = require(caller, profile, task, callback, Right.EDIT);
    if (found.disabledAt != null) {
      throw new ApiException(
          ErrorCode.CALLBACK_OFF,
          "The callback is switched off because its address answered 410: enable it first.");
    }
    UUID id = known(found.id, delivery).id();
    queue.again(found.id, id);
    audit.record(
        caller,
        AuditAction.CALLBACK_REDELIVERED,
        path(found),
        null,
        Map.of("delivery", id.toString()));
    return known(found.id, delivery);
  }

  /**
   * Enables a callback that a 410 has disabled.
   *
   * @throws ApiException as {@link #deliveries}
   */
  @Transactional
  public CallbackView enable(Caller caller, ProfileSlug profile, String task, String callback) {
    TaskCallback found = require(caller, profile, task, callback, Right.EDIT);
    CallbackView before = CallbackView.of(found);
    queue.switchOn(found.id);
    TaskCallback.getEntityManager().refresh(found);
    CallbackView after = CallbackView.of(found);
    audit.record(caller, AuditAction.CALLBACK_ENABLED, path(found), before, after);
    return after;
  }

  private static String path(TaskCallback callback) {
    return callback.task.path() + "/callbacks/" + callback.id;
  }

  private List<TaskCallback> callbacks(
      Caller caller, ProfileSlug profile, String task, Right right) {
    return tasks.callbacks(tasks.require(access.requireOfTask(caller, profile, task, right), task));
  }

  private TaskCallback require(
      Caller caller, ProfileSlug profile, String task, String callback, Right right) {
    return callbacks(caller, profile, task, right).stream()
        .filter(known -> known.id.toString().equals(callback))
        .findFirst()
        .orElseThrow(
            () ->
                new ApiException(
                    ErrorCode.CALLBACK_NOT_FOUND,
                    "The task " + task + " has no callback " + callback + "."));
  }

  private CallbackDelivery known(UUID callbackId, String delivery) {
    return queue.newest(callbackId).stream()
        .filter(known -> known.id().toString().equals(delivery))
        .findFirst()
        .orElseThrow(
            () ->
                new ApiException(
                    ErrorCode.DELIVERY_NOT_FOUND,
                    "The callback no longer has the delivery " + delivery + "."));
  }
}
