package dev.errand.runs.task;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.errand.base.database.Sql;
import dev.errand.base.error.ApiException;
import dev.errand.base.error.ErrorCode;
import dev.errand.base.limit.WorkMemory;
import dev.errand.base.turn.RequestPools;
import dev.errand.base.turn.WorkOwner;
import dev.errand.identity.account.Caller;
import dev.errand.identity.profile.Profile;
import dev.errand.models.wire.ModelCatalog;
import dev.errand.runs.prompt.BuiltInValues;
import dev.errand.runs.prompt.LongRenderingException;
import dev.errand.runs.task.TaskModels.UnlistedModelException;
import jakarta.inject.Singleton;

/**
 * What may take long about a task, done in turns of users and without a transaction: the rendering
 * of its templates, the checks of its schema and its conditions, and the question to its model's
 * server.
 */
@Singleton
public class TaskPreparations {
  // Bytes of memory for one character of a prompt: its text, and the task and the entry that have
  // it as JSON, each also in the encoding of the database.
  private static final int PER_CHARACTER = 12;

  private final TaskStore tasks;
  private final ModelCatalog catalog;
  private final RequestPools pools;
  private final WorkMemory memory;

  TaskPreparations(TaskStore tasks, ModelCatalog catalog, RequestPools pools, WorkMemory memory) {
    this.tasks = tasks;
    this.catalog = catalog;
    this.pools = pools;
    this.memory = memory;
  }

  /**
   * Renders the templates of a task for a run that is started: at once where that is short, else in
   * a turn of the profile's owner.
   *
   * @param room holds memory for a long text, and what is made of it
   * @throws ApiException {@link ErrorCode#MISSING_PARAMETERS}, naming each
   */
  public AssignedTask assign(
      TaskSnapshot task, ObjectNode parameters, BuiltInValues values, WorkMemory.Room room) {
    try {
      return tasks.assignShort(task, parameters, values);
    } catch (LongRenderingException e) {
      return assignLong(task.profile().user().username(), task, parameters, values, room);
    }
  }

  // No turn is held while memory is waited for, so that the length is found out before.
  private AssignedTask assignLong(
      String user,
      TaskSnapshot task,
      ObjectNode parameters,
      BuiltInValues values,
      WorkMemory.Room room) {
    WorkOwner owner = WorkOwner.of(user, task.profile().id());
    long length = pools.compute().call(owner, () -> tasks.length(task, parameters, values));
    room.hold(length * PER_CHARACTER);
    return pools.compute().call(owner, () -> tasks.assign(task, parameters, values));
  }

  /** The same for several runs, which no request starts. */
  public AssignedTask assignOfMany(TaskSnapshot task, ObjectNode parameters, BuiltInValues values) {
    return tasks.assign(task, parameters, values);
  }

  /** The same for a preview, in a turn of who wants it. */
  public AssignedTask preview(
      Caller caller, TaskSnapshot task, ObjectNode parameters, BuiltInValues values) {
    try (WorkMemory.Room room = memory.open(caller.username())) {
      return assignLong(caller.username(), task, parameters, values, room);
    }
  }

  /**
   * Checks that the templates of a task can be rendered, as far as a few milliseconds suffice: the
   * caller has a transaction. What takes longer is found out when a run is started.
   *
   * @throws ApiException {@link ErrorCode#MISSING_PARAMETERS}, naming each
   */
  public void checkParameters(TaskSnapshot task, ObjectNode parameters, BuiltInValues values) {
    try {
      var _ = tasks.assignShort(task, parameters, values);
    } catch (LongRenderingException e) {
      // They are there, since that is checked first.
    }
  }

  /** The settings for a retry of a run, as {@link TaskStore#reassign} has them. */
  public AssignedTask reassign(
      Caller caller, TaskSnapshot task, AssignedTask before, ObjectNode parameters) {
    try {
      return tasks.reassignShort(task, before, parameters);
    } catch (LongRenderingException e) {
      return pools
          .compute()
          .call(
              WorkOwner.of(caller.username(), task.profile().id()),
              () -> tasks.reassign(task, before, parameters));
    }
  }

  /**
   * The task that a registration would create, as {@link TaskStore#draft} has it.
   *
   * @throws ApiException when the registration is not valid
   */
  public TaskStore.Draft draft(
      Caller caller, Profile profile, String name, TaskRegistration registration) {
    check(caller, profile, name, registration);
    return tasks.draft(caller, profile, name, registration);
  }

  /**
   * Checks what of a registration takes long to check; it is known then when the registration is
   * stored. In a transaction, which is no place to wait for a turn, nothing is done.
   *
   * @throws ApiException that names the field which is wrong
   */
  void check(Caller caller, Profile profile, String name, TaskRegistration registration) {
    if (registration.settings().takeLongToCheck() && !Sql.isInTransaction()) {
      pools
          .compute()
          .call(
              WorkOwner.of(caller.username(), profile.id()),
              () -> {
                tasks.check(caller, profile, name, registration);
                return true;
              });
    }
  }

  /** Asks the model's server for its models, so that a registration can be stored. */
  void ask(UnlistedModelException wanted) {
    wanted.ask(catalog);
  }
}
