package dev.errand.automation.trigger;

import dev.errand.automation.trigger.TriggerStore.PutTrigger;
import dev.errand.base.error.ApiException;
import dev.errand.base.error.ErrorCode;
import dev.errand.identity.account.Caller;
import dev.errand.identity.audit.Audit;
import dev.errand.identity.audit.AuditAction;
import dev.errand.identity.profile.ProfileSlug;
import dev.errand.identity.profile.Right;
import dev.errand.runs.task.TaskAccess;
import dev.errand.runs.task.TaskSnapshot;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.transaction.Transactional;
import java.net.URI;
import java.util.List;

/**
 * The operations on triggers: create, list, get, replace, delete. {@code base} is the address by
 * which the client reached the service; a configured public address takes precedence over it.
 */
@ApplicationScoped
public class TriggerService {
  private final TaskAccess tasks;
  private final TriggerStore triggers;
  private final TriggerAddress addresses;
  private final Audit audit;

  TriggerService(TaskAccess tasks, TriggerStore triggers, TriggerAddress addresses, Audit audit) {
    this.tasks = tasks;
    this.triggers = triggers;
    this.addresses = addresses;
    this.audit = audit;
  }

  /**
   * A trigger that was created or replaced.
   *
   * @param trigger the trigger, with the secrets that this request generated
   */
  public record StoredTrigger(TriggerView trigger, boolean created) {}

  /**
   * Lists a page of the task's triggers by name, without addresses that need no signature. Users
   * who may not change triggers get no address at all.
   *
   * @throws ApiException {@link ErrorCode#PROFILE_NOT_FOUND} or {@link ErrorCode#TASK_NOT_FOUND}
   */
  @Transactional
  public List<TriggerView> list(
      Caller caller, ProfileSlug profile, String task, String after, int most, URI base) {
    TaskSnapshot snapshot = tasks.require(caller, profile, task, Right.SEE);
    boolean toEditor = tasks.allows(caller, snapshot, Right.EDIT);
    return triggers.list(snapshot, after, most).stream()
        .map(trigger -> listed(trigger, toEditor, base))
        .toList();
  }

  /**
   * A trigger as {@link #list} shows it.
   *
   * @throws ApiException as {@link #list}, or {@link ErrorCode#TRIGGER_NOT_FOUND}
   */
  @Transactional
  public TriggerView look(Caller caller, ProfileSlug profile, String task, String name, URI base) {
    TaskSnapshot snapshot = tasks.require(caller, profile, task, Right.SEE);
    return listed(
        triggers.require(snapshot, name), tasks.allows(caller, snapshot, Right.EDIT), base);
  }

  private TriggerView listed(TaskTrigger trigger, boolean toEditor, URI base) {
    boolean isShown = toEditor && trigger.settings.scheme().isVerified();
    return TriggerView.of(trigger, isShown ? addresses.of(trigger.id, base) : null, List.of());
  }

  /**
   * Gets a trigger with its address. Anyone who knows the address can start runs.
   *
   * @throws ApiException as {@link #list}, or {@link ErrorCode#TRIGGER_NOT_FOUND}
   */
  @Transactional
  public TriggerView get(Caller caller, ProfileSlug profile, String task, String name, URI base) {
    TaskSnapshot snapshot = tasks.require(caller, profile, task, Right.EDIT);
    TaskTrigger trigger = triggers.require(snapshot, name);
    if (!trigger.settings.scheme().isVerified()) {
      audit.record(caller, AuditAction.SECRET_SHOWN, path(snapshot, trigger), null, null);
    }
    return TriggerView.of(trigger, addresses.of(trigger.id, base), List.of());
  }

  /**
   * Creates a trigger.
   *
   * @throws ApiException as {@link #list}, {@link ErrorCode#ALREADY_EXISTS}, or when the request is
   *     not valid
   */
  @Transactional
  public StoredTrigger create(
      Caller caller, ProfileSlug profile, String task, TriggerRequest wanted, URI base) {
    TaskSnapshot snapshot = tasks.require(caller, profile, task, Right.EDIT);
    return kept(recorded(caller, snapshot, triggers.create(snapshot, wanted)), base);
  }

  /**
   * Creates a trigger, or replaces all of it except its address and its secrets.
   *
   * @throws ApiException as {@link #list}, or when the request is not valid; nothing has changed
   *     then
   */
  @Transactional
  public StoredTrigger put(
      Caller caller,
      ProfileSlug profile,
      String task,
      String name,
      TriggerRequest wanted,
      URI base) {
    TaskSnapshot snapshot = tasks.require(caller, profile, task, Right.EDIT);
    return kept(recorded(caller, snapshot, triggers.put(snapshot, name, wanted)), base);
  }

  /**
   * Enables or disables a trigger.
   *
   * @throws ApiException as {@link #get}
   */
  @Transactional
  public void enable(
      Caller caller, ProfileSlug profile, String task, String name, boolean enabled) {
    TaskSnapshot snapshot = tasks.require(caller, profile, task, Right.EDIT);
    TaskTrigger trigger = triggers.requireToChange(snapshot, name);
    TriggerView before = shown(trigger);
    triggers.enable(trigger, enabled);
    audit.record(
        caller, AuditAction.TRIGGER_CHANGED, path(snapshot, trigger), before, shown(trigger));
  }

  /**
   * The task's signed URL. It stays the same until its trigger, {@code signed}, is deleted.
   *
   * @throws ApiException as {@link #list}, or {@link ErrorCode#ALREADY_EXISTS} when a verified
   *     trigger has its name
   */
  @Transactional
  public String signedUrl(Caller caller, ProfileSlug profile, String task, URI base) {
    TaskSnapshot snapshot = tasks.require(caller, profile, task, Right.EDIT);
    PutTrigger kept = triggers.signedUrl(snapshot);
    if (kept.created()) {
      var _ = recorded(caller, snapshot, kept);
    } else {
      audit.record(caller, AuditAction.SECRET_SHOWN, path(snapshot, kept.trigger()), null, null);
    }
    return addresses.of(kept.trigger().id, base);
  }

  /**
   * Deletes a trigger: its address is withdrawn, and its deliveries are removed.
   *
   * @throws ApiException as {@link #get}
   */
  @Transactional
  public void delete(Caller caller, ProfileSlug profile, String task, String name) {
    TaskSnapshot snapshot = tasks.require(caller, profile, task, Right.EDIT);
    TaskTrigger deleted = triggers.delete(snapshot, name);
    audit.record(
        caller, AuditAction.TRIGGER_DELETED, path(snapshot, deleted), shown(deleted), null);
  }

  private PutTrigger recorded(Caller caller, TaskSnapshot task, PutTrigger kept) {
    audit.record(
        caller,
        kept.created() ? AuditAction.TRIGGER_CREATED : AuditAction.TRIGGER_CHANGED,
        path(task, kept.trigger()),
        kept.before(),
        shown(kept.trigger()),
        kept.secretsChanged() ? new String[] {"secrets"} : new String[0]);
    return kept;
  }

  private static TriggerView shown(TaskTrigger trigger) {
    return TriggerView.of(trigger, null, List.of());
  }

  private static String path(TaskSnapshot task, TaskTrigger trigger) {
    return task.path() + "/triggers/" + trigger.name;
  }

  private StoredTrigger kept(PutTrigger kept, URI base) {
    return new StoredTrigger(
        TriggerView.of(kept.trigger(), addresses.of(kept.trigger().id, base), kept.generated()),
        kept.created());
  }
}
