package dev.errand.runs.task;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.errand.base.database.Sql;
import dev.errand.base.error.ApiException;
import dev.errand.base.error.ErrorCode;
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
  private final TaskStore tasks;
  private final ModelCatalog catalog;
  private final RequestPools pools;

  TaskPreparations(TaskStore tasks, ModelCatalog catalog, RequestPools pools) {
    this.tasks = tasks;
    this.catalog = catalog;
    this.pools = pools;
  }

  /**
   * Renders the templates of a task for a run that is started: at once where that is short, else in
   * a turn of the profile's owner.
   *
   * @throws ApiException {@link ErrorCode#MISSING_PARAMETERS}, naming each
   */
  public AssignedTask assign(TaskSnapshot task, ObjectNode parameters, BuiltInValues values) {
    try {
      return tasks.assignShort(task, parameters, values);
    } catch (LongRenderingException e) {
      Profile profile = task.profile();
      return pools
          .compute()
          .call(
              WorkOwner.of(profile.user().username(), profile.id()),
              () -> tasks.assign(task, parameters, values));
    }
  }

  /** The same for several runs, which no request starts. */
  public AssignedTask assignOfMany(TaskSnapshot task, ObjectNode parameters, BuiltInValues values) {
    return tasks.assign(task, parameters, values);
  }

  /** The same for a preview, in a turn of who wants it. */
  public AssignedTask preview(
      Caller caller, TaskSnapshot task, ObjectNode parameters, BuiltInValues values) {
    return pools
        .compute()
        .call(
            WorkOwner.of(caller.username(), task.profile().id()),
            () -> tasks.assign(task, parameters, values));
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
