package dev.errand.runs.task;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.errand.base.error.ApiException;
import dev.errand.base.error.ErrorCode;
import dev.errand.base.json.Json;
import dev.errand.identity.account.Caller;
import dev.errand.identity.profile.Profile;
import dev.errand.models.port.ModelSettings;
import dev.errand.runs.task.prompt.BuiltInValues;
import dev.errand.runs.task.prompt.Prompt;
import dev.errand.runs.task.settings.AssignedTask;
import dev.errand.runs.task.settings.Callback;
import dev.errand.runs.task.settings.TaskSettings;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.persistence.EntityManager;
import jakarta.transaction.Transactional;
import java.net.URI;
import java.time.Clock;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Stores tasks, and renders the prompts and settings of their runs. */
@ApplicationScoped
public class TaskStore {
  private static final int MOST_LISTED = 100;
  private static final Pattern NAME = Pattern.compile("[A-Za-z0-9._~-]{1,128}");

  private final EntityManager entities;
  private final TaskKeys keys;
  private final TaskModels models;
  private final TaskCallbacks callbacks;
  private final TaskLimits limits;
  private final Json json;
  private final Clock clock;

  TaskStore(
      EntityManager entities,
      TaskKeys keys,
      TaskModels models,
      TaskCallbacks callbacks,
      TaskLimits limits,
      Json json,
      Clock clock) {
    this.entities = entities;
    this.keys = keys;
    this.models = models;
    this.callbacks = callbacks;
    this.limits = limits;
    this.json = json;
    this.clock = clock;
  }

  /**
   * The result of a registration.
   *
   * @param task the task
   * @param created whether it is new
   * @param callbacks its callbacks, with the secrets that were generated now
   */
  public record Registered(Task task, boolean created, List<Callback> callbacks) {}

  /**
   * Creates a task, or replaces everything of it except the key and the secrets of its callbacks.
   *
   * @param caller the user who registers it, who must be allowed to name its provider
   * @param base under which address the service was reached, where a request registers it
   * @throws ApiException when the registration is not valid; nothing is changed then
   */
  @Transactional
  public Registered register(
      Caller caller,
      Profile profile,
      String name,
      TaskRegistration registration,
      @Nullable URI base) {
    checkName(name);
    TaskSettings.Request wanted = registration.settings();
    TaskSettings settings = wanted.checked(limits.ceilings());
    callbacks.check(settings.callbacks());
    takeTurn(profile);
    Task known = Task.of(profile, name).orElse(null);
    registration.refuseUnknown(known == null ? TaskSettings.DEFAULT : settings(known), json);
    TaskModels.Wanted model = models.wanted(caller, profile, registration, known);
    if (known == null) {
      limits.checkNumber(profile);
    }
    Task task = known == null ? Task.named(profile, name) : known;
    keys.put(task, wanted.key(), known == null ? null : models.own(known), model);
    task.runner = model.own().runner();
    task.runnerSettings = write(model.own());
    task.settings = write(settings);
    task.enabled = registration.isEnabled();
    task.madeBy = null;
    task.modifiedAt = now();
    if (known == null) {
      task.createdAt = task.modifiedAt;
      task.persist();
    }
    List<Callback> kept = callbacks.keep(task, wanted.givenCallbacks(), base);
    entities.flush();
    return new Registered(task, known == null, kept);
  }

  /**
   * The task that a registration would create, which is not stored. It may lack a key.
   *
   * @throws ApiException when the registration is not valid
   */
  @Transactional
  public Task draft(Caller caller, Profile profile, String name, TaskRegistration registration) {
    checkName(name);
    TaskSettings settings = registration.settings().checked(limits.ceilings());
    Task known = Task.of(profile, name).orElse(null);
    registration.refuseUnknown(known == null ? TaskSettings.DEFAULT : settings(known), json);
    TaskModels.Wanted model = models.wanted(caller, profile, registration, known);
    Task draft = Task.named(profile, name);
    draft.provider = model.provider();
    if (known != null) {
      draft.id = known.id;
      draft.keySealed = known.keySealed;
      draft.keyUrl = known.keyUrl;
    }
    try {
      keys.put(
          draft, registration.settings().key(), known == null ? null : models.own(known), model);
    } catch (ApiException e) {
      if (e.code() != ErrorCode.KEY_REQUIRED) {
        throw e;
      }
      draft.dropKey();
    }
    draft.runner = model.own().runner();
    draft.runnerSettings = write(model.own());
    draft.settings = write(settings);
    return draft;
  }

  /**
   * The task of that name.
   *
   * @throws ApiException {@link ErrorCode#TASK_NOT_FOUND}
   */
  @Transactional
  public Task require(Profile profile, String name) {
    return Task.of(profile, name)
        .orElseThrow(
            () ->
                new ApiException(
                    ErrorCode.TASK_NOT_FOUND,
                    "There is no task " + name + " in the profile " + profile.name + "."));
  }

  /** The task's callbacks. */
  @Transactional
  public List<TaskCallback> callbacks(Task task) {
    return TaskCallback.allOf(task);
  }

  /** The profile's tasks, by name. */
  @Transactional
  public List<Task> list(Profile profile) {
    return Task.allOf(profile);
  }

  /**
   * Some of the profile's tasks, by name.
   *
   * @param after the name that they follow
   * @param most how many
   */
  @Transactional
  public List<Task> list(Profile profile, String after, int most) {
    return Task.someOf(profile, after, most);
  }

  /**
   * Deletes a task and its key. The caller ends its runs.
   *
   * @throws ApiException {@link ErrorCode#TASK_NOT_FOUND}
   */
  @Transactional
  public Task delete(Profile profile, String name) {
    takeTurn(profile);
    Task task = require(profile, name);
    task.dropKey();
    task.provider = null;
    task.deletedAt = now();
    return task;
  }

  /**
   * Renders the templates of the task for a run.
   *
   * @param parameters the parameters
   * @param values the values of the names that begin with {@code @}
   * @throws ApiException {@link ErrorCode#MISSING_PARAMETERS}, naming each
   */
  public AssignedTask assign(Task task, ObjectNode parameters, BuiltInValues values) {
    ModelSettings model = models.atServer(models.of(task));
    List<Prompt> prompts = new ArrayList<>();
    Prompt prompt = Prompt.parse(model.field("prompt"), model.prompt());
    prompts.add(prompt);
    Prompt system = null;
    if (model.system() != null) {
      system = Prompt.parse(model.field("system"), model.system());
      prompts.add(system);
    }
    List<String> missing = Prompt.missing(prompts, parameters);
    if (!missing.isEmpty()) {
      throw new ApiException(
          ErrorCode.MISSING_PARAMETERS,
          "The prompt of " + task.name + " needs parameters: " + list(missing) + ".",
          missing.stream()
              .limit(MOST_LISTED)
              .map(name -> new ApiException.FieldError("parameters." + name, "is missing"))
              .toList());
    }
    return new AssignedTask(
        model.with(
            prompt.render(parameters, values),
            system == null ? null : system.render(parameters, values),
            model.baseUrl()),
        // Callbacks are read at the end of the run, not fixed at its start.
        settings(task).with(List.of()));
  }

  /** The first names: a prompt may have tens of thousands, and anyone with its URL may ask. */
  private static String list(List<String> names) {
    String first = names.stream().limit(MOST_LISTED).collect(Collectors.joining(", "));
    return names.size() <= MOST_LISTED
        ? first
        : first + " and " + (names.size() - MOST_LISTED) + " more";
  }

  /**
   * The settings for the retry of a run: its rendered prompts stay, all others are the present ones
   * of the task.
   *
   * @param before the settings that were fixed for the run, an {@link AssignedTask} in JSON
   */
  public AssignedTask reassign(Task task, String before) {
    ModelSettings model = models.atServer(models.of(task));
    ModelSettings rendered = read(before, AssignedTask.class).model();
    return new AssignedTask(
        model.with(rendered.prompt(), rendered.system(), model.baseUrl()), settings(task));
  }

  /** The bounds of a task. */
  public TaskSettings settings(Task task) {
    return read(task.settings, TaskSettings.class);
  }

  // Locks the profile's row to serialize changes of its tasks: two registrations of a name create
  // one task, and a registration that overlaps a deletion does not restore the task.
  void takeTurn(Profile profile) {
    profile.takeTurn();
  }

  static void checkName(String name) {
    if (!NAME.matcher(name).matches() || name.equals(".") || name.equals("..")) {
      throw ApiException.invalid("task", "a task's name is 1 to 128 of A-Z a-z 0-9 . _ ~ -");
    }
  }

  // The database stores microseconds, and this answer must equal a later read.
  Instant now() {
    return clock.instant().truncatedTo(ChronoUnit.MILLIS);
  }

  String write(Object value) {
    return json.write(value);
  }

  private <T> T read(String text, Class<T> type) {
    return json.read(text, type);
  }
}
