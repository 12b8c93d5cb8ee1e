package dev.errand.runs.task;

import dev.errand.base.error.ApiException;
import dev.errand.base.error.ErrorCode;
import dev.errand.identity.account.Caller;
import dev.errand.identity.auth.AddressedRows;
import dev.errand.identity.profile.Profile;
import dev.errand.identity.profile.ProfileAccess;
import dev.errand.identity.profile.ProfileSlug;
import dev.errand.identity.profile.Right;
import jakarta.inject.Singleton;
import java.util.Optional;
import java.util.UUID;

/** Finds tasks for callers and checks their rights there, mostly by one statement or none. */
@Singleton
public class TaskAccess {
  private final ProfileAccess access;
  private final AddressedRows addressed;
  private final TaskReader tasks;

  TaskAccess(ProfileAccess access, AddressedRows addressed, TaskReader tasks) {
    this.access = access;
    this.addressed = addressed;
    this.tasks = tasks;
  }

  /**
   * A task, for an operation on it.
   *
   * @throws ApiException as {@link ProfileAccess#require} does, or {@link ErrorCode#TASK_NOT_FOUND}
   */
  public TaskSnapshot require(Caller caller, ProfileSlug profile, String name, Right right) {
    if (!caller.is(profile.user())) {
      return tasks.require(access.requireOfTask(caller, profile, name, right), name);
    }
    right.requireScope(caller);
    UUID owner = caller.id();
    // Every start and every poll begins with this. A request for runs has already read the task
    // with its session. If there is no such task, the error is found step by step.
    Optional<TaskSnapshot> found =
        addressed
            .take(TaskSnapshot.class)
            .filter(task -> task.isOf(owner, profile.name(), name))
            .or(() -> tasks.find(owner, profile.name(), name));
    found.ifPresent(task -> access.checkTask(caller, task.profile(), profile, name));
    return found.orElseGet(
        () -> tasks.require(access.requireOfTask(caller, profile, name, right), name));
  }

  /**
   * The profile of a task, which need not exist.
   *
   * @throws ApiException as {@link ProfileAccess#requireOfTask} does
   */
  public Profile requireProfile(Caller caller, ProfileSlug profile, String name, Right right) {
    return access.requireOfTask(caller, profile, name, right);
  }

  /** Whether the caller, who may see a task, also has another right in its profile. */
  public boolean allows(Caller caller, TaskSnapshot task, Right right) {
    return access.allows(caller, task.profile(), right);
  }
}
