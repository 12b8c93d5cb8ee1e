package dev.errand.runs.task;

import dev.errand.base.error.ApiException;
import dev.errand.base.error.ErrorCode;
import dev.errand.base.http.Tagged;
import dev.errand.identity.profile.Profile;
import dev.errand.models.port.ModelSettings;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.persistence.EntityManager;
import jakarta.transaction.Transactional;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Registers tasks for runs. A run never replaces a person's task. */
@ApplicationScoped
class TasksByRuns {
  private final TaskStore store;
  private final EntityManager entities;
  private final TaskKeys keys;
  private final TaskModels models;
  private final TaskLimits limits;

  TasksByRuns(
      TaskStore store,
      EntityManager entities,
      TaskKeys keys,
      TaskModels models,
      TaskLimits limits) {
    this.store = store;
    this.entities = entities;
    this.keys = keys;
    this.models = models;
    this.limits = limits;
  }

  /**
   * Registers a copy of the task whose run creates it, with another prompt and model. The provider,
   * or else the key with its server, is copied; the run can't choose them. Callbacks are not
   * copied.
   *
   * @param model the model; null for the maker's
   * @throws ApiException when it is not valid, a person created the task of that name, or runs have
   *     created the maximum number in the profile; nothing is changed then
   */
  @Transactional
  TaskSnapshot byRun(
      Profile profile, UUID makerId, String name, String prompt, @Nullable String model) {
    TaskStore.checkName(name);
    Task maker = entities.find(Task.class, makerId);
    store.lock(profile);
    entities.refresh(maker);
    if (maker.deletedAt != null || !maker.profileId.equals(profile.id())) {
      throw new ApiException(
          ErrorCode.TASK_NOT_FOUND, "The task " + maker.name + " of this run was deleted.");
    }
    TaskSnapshot made = maker.in(profile);
    ModelSettings like = models.own(made);
    ModelSettings settings =
        like.copy(prompt, model == null ? like.model() : model, null, like.baseUrl());
    models.check(made.provider(), settings);
    Task task = Task.of(profile, name).orElse(null);
    boolean isNew = task == null;
    if (task == null) {
      limits.checkNumberByRuns(profile);
      task = Task.named(profile, name);
    } else if (task.madeBy == null) {
      throw new ApiException(
          ErrorCode.ALREADY_EXISTS,
          "A person registered the task "
              + name
              + ", so a run may not replace it: choose another name.");
    }
    TaskSettings bounds = store.settings(made);
    become(
        task,
        maker,
        // What a person's task gave it once, a run of another task does not take away, nor does it
        // give it more tools.
        isNew ? bounds : bounds.asStrictAs(store.settings(task.in(profile))),
        settings);
    if (isNew) {
      task.createdAt = task.modifiedAt;
      task.persist();
    }
    entities.flush();
    return task.in(profile);
  }

  private void become(Task task, Task maker, TaskSettings bounds, ModelSettings settings) {
    task.runner = maker.runner;
    task.runnerSettings = store.write(settings);
    task.settings = store.write(bounds.withCallbacks(List.of()).withoutOutputSchema());
    // Only a PUT disables a task, and that makes it a person's task.
    task.enabled = true;
    task.madeBy = maker.id;
    task.modifiedAt = store.now();
    task.etag = Tagged.fresh();
    task.provider = maker.provider;
    task.keep(keys.copy(maker.key(), maker.id, task.id));
  }
}
