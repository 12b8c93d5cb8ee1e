package dev.errand.runs.task;

import dev.errand.identity.account.Caller;
import dev.errand.identity.profile.ProfileAccess;
import dev.errand.identity.profile.ProfileSlug;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.context.control.ActivateRequestContext;

/** Finds tasks of a caller, in one query. */
@ApplicationScoped
public class TaskAccess {
  private final ProfileAccess access;
  private final TaskStore tasks;

  TaskAccess(ProfileAccess access, TaskStore tasks) {
    this.access = access;
    this.tasks = tasks;
  }

  /**
   * A task of the caller's own, to be read; what is set in it changes nothing.
   *
   * @throws dev.errand.base.error.ApiException {@link
   *     dev.errand.base.error.ErrorCode#PROFILE_NOT_FOUND} or {@link
   *     dev.errand.base.error.ErrorCode#TASK_NOT_FOUND}
   */
  // Outside a request there is no persistence session yet.
  @ActivateRequestContext
  public Task own(Caller caller, ProfileSlug profile, String name) {
    // Each trigger and each poll begins with it: one round trip. What is missing where there is no
    // such task is then found step by step.
    return Task.ofOwner(access.owner(caller, profile), profile.name(), name)
        .orElseGet(() -> tasks.require(access.own(caller, profile), name));
  }
}
