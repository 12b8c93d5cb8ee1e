package dev.errand.automation.trigger;

import dev.errand.automation.trigger.TriggerStore.Kept;
import dev.errand.base.error.ApiException;
import dev.errand.base.error.ErrorCode;
import dev.errand.identity.account.Caller;
import dev.errand.identity.profile.ProfileAccess;
import dev.errand.identity.profile.ProfileSlug;
import dev.errand.identity.profile.Right;
import dev.errand.runs.task.Task;
import dev.errand.runs.task.TaskStore;
import jakarta.enterprise.context.ApplicationScoped;
import java.net.URI;
import java.util.List;

/**
 * The operations on triggers: create, list, get, replace, delete. {@code base} is the address by
 * which the client reached the service; a configured public address takes precedence over it.
 */
@ApplicationScoped
public class TriggerService {
  private final ProfileAccess access;
  private final TaskStore tasks;
  private final TriggerStore triggers;
  private final TriggerAddress addresses;

  TriggerService(
      ProfileAccess access, TaskStore tasks, TriggerStore triggers, TriggerAddress addresses) {
    this.access = access;
    this.tasks = tasks;
    this.triggers = triggers;
    this.addresses = addresses;
  }

  /**
   * A trigger that was created or replaced.
   *
   * @param trigger the trigger, with the secrets that this request generated
   * @param created whether it is new
   */
  public record KeptTrigger(TriggerView trigger, boolean created) {}

  /**
   * Lists a page of the task's triggers by name, without addresses that need no signature.
   *
   * @param after the name after which the page begins
   * @param most how many at most
   * @throws ApiException {@link ErrorCode#PROFILE_NOT_FOUND} or {@link ErrorCode#TASK_NOT_FOUND}
   */
  public List<TriggerView> list(
      Caller caller, ProfileSlug profile, String task, String after, int most, URI base) {
    return triggers.list(task(caller, profile, task, Right.SEE), after, most).stream()
        .map(
            trigger ->
                TriggerView.of(
                    trigger,
                    trigger.scheme().isVerified() ? addresses.of(trigger.id, base) : null,
                    List.of()))
        .toList();
  }

  /**
   * Gets a trigger with its address, which starts runs for whoever knows it.
   *
   * @throws ApiException as {@link #list}, or {@link ErrorCode#TRIGGER_NOT_FOUND}
   */
  public TriggerView get(Caller caller, ProfileSlug profile, String task, String name, URI base) {
    TaskTrigger found = triggers.require(task(caller, profile, task, Right.EDIT), name);
    return TriggerView.of(found, addresses.of(found.id, base), List.of());
  }

  /**
   * Creates a trigger.
   *
   * @throws ApiException as {@link #list}, {@link ErrorCode#ALREADY_EXISTS}, or when the request is
   *     not valid
   */
  public KeptTrigger create(
      Caller caller, ProfileSlug profile, String task, TriggerRequest wanted, URI base) {
    return kept(triggers.create(task(caller, profile, task, Right.EDIT), wanted), base);
  }

  /**
   * Creates a trigger, or replaces all of it except its address and its secrets.
   *
   * @throws ApiException as {@link #list}, or when the request is not valid; nothing has changed
   *     then
   */
  public KeptTrigger put(
      Caller caller,
      ProfileSlug profile,
      String task,
      String name,
      TriggerRequest wanted,
      URI base) {
    return kept(triggers.put(task(caller, profile, task, Right.EDIT), name, wanted), base);
  }

  /**
   * The task's signed URL. It stays the same until its trigger, {@code signed}, is deleted.
   *
   * @throws ApiException as {@link #list}, or {@link ErrorCode#ALREADY_EXISTS} when a verified
   *     trigger has its name
   */
  public String signedUrl(Caller caller, ProfileSlug profile, String task, URI base) {
    return addresses.of(triggers.signedUrl(task(caller, profile, task, Right.EDIT)).id, base);
  }

  /**
   * Deletes a trigger: its address is withdrawn, and its deliveries are removed.
   *
   * @throws ApiException as {@link #get}
   */
  public void delete(Caller caller, ProfileSlug profile, String task, String name) {
    triggers.delete(task(caller, profile, task, Right.EDIT), name);
  }

  private KeptTrigger kept(Kept kept, URI base) {
    return new KeptTrigger(
        TriggerView.of(kept.trigger(), addresses.of(kept.trigger().id, base), kept.generated()),
        kept.created());
  }

  private Task task(Caller caller, ProfileSlug profile, String name, Right right) {
    return tasks.require(access.requireOfTask(caller, profile, name, right), name);
  }
}
