package dev.errand.runs.task;

import dev.errand.base.database.Sql;
import dev.errand.identity.account.Caller;
import dev.errand.identity.auth.AddressedRows;
import dev.errand.identity.profile.ProfileAccess;
import dev.errand.identity.profile.ProfileSlug;
import dev.errand.identity.profile.Right;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.transaction.Transactional;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;

/**
 * Finds tasks for reading, in one query at most; changes to the returned objects are not stored.
 */
@ApplicationScoped
public class TaskAccess {
  private final ProfileAccess access;
  private final AddressedRows addressed;
  private final Sql sql;
  private final TaskStore tasks;

  TaskAccess(ProfileAccess access, AddressedRows addressed, Sql sql, TaskStore tasks) {
    this.access = access;
    this.addressed = addressed;
    this.sql = sql;
    this.tasks = tasks;
  }

  /**
   * A task, for an operation on it.
   *
   * @throws dev.errand.base.error.ApiException as {@link ProfileAccess#require} does, or {@link
   *     dev.errand.base.error.ErrorCode#TASK_NOT_FOUND}
   */
  public Task require(Caller caller, ProfileSlug profile, String name, Right right) {
    if (!caller.is(profile.user())) {
      return tasks.require(access.requireOfTask(caller, profile, name, right), name);
    }
    right.requireScope(caller);
    UUID owner = caller.id();
    // Every start and every poll begins with this. A request for runs has already read the task
    // with its session. If there is no such task, the error is found step by step.
    Optional<Task> found =
        addressed
            .take(Task.class)
            .filter(task -> task.isOf(owner, profile.name(), name))
            .or(() -> find(owner, profile.name(), name));
    found.ifPresent(task -> access.checkTask(caller, task.profile, profile, name));
    return found.orElseGet(
        () -> tasks.require(access.requireOfTask(caller, profile, name, right), name));
  }

  /**
   * A task, for an operation that changes it or what belongs to it.
   *
   * @throws dev.errand.base.error.ApiException as {@link #require} does
   */
  @Transactional
  public Task requireStored(Caller caller, ProfileSlug profile, String name, Right right) {
    return tasks.require(access.requireOfTask(caller, profile, name, right), name);
  }

  /** Whether the caller, who may see a task, also has another right in its profile. */
  public boolean allows(Caller caller, Task task, Right right) {
    return access.allows(caller, task.profile, right);
  }

  /** The tasks that have these ids, by id. */
  public Map<UUID, Task> all(Set<UUID> ids) {
    Map<UUID, Task> found = new HashMap<>();
    sql.statement(TaskStatements.BY_IDS)
        .with("ids", "uuid", ids)
        .each(
            row -> {
              Task task = Task.of(row);
              found.put(task.id, task);
            });
    return found;
  }

  private Optional<Task> find(UUID owner, String profile, String name) {
    if (profile.indexOf('\0') >= 0 || name.indexOf('\0') >= 0) {
      // PostgreSQL's text can't contain NUL.
      return Optional.empty();
    }
    return sql.statement(TaskStatements.OF_OWNER)
        .with("owner_id", owner)
        .with("profile", profile)
        .with("task", name)
        .first(Task::of);
  }
}
