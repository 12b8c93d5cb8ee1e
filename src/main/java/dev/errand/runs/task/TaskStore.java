package dev.errand.runs.task;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.errand.base.error.ApiException;
import dev.errand.base.error.ErrorCode;
import dev.errand.base.error.InvalidFields;
import dev.errand.base.field.NameRule;
import dev.errand.base.http.Tagged;
import dev.errand.base.json.Json;
import dev.errand.identity.account.Caller;
import dev.errand.identity.profile.Profile;
import dev.errand.identity.profile.ProfileStore;
import dev.errand.models.port.ModelSettings;
import dev.errand.runs.prompt.BuiltInValues;
import dev.errand.runs.prompt.LongRenderingException;
import dev.errand.runs.prompt.Prompt;
import dev.errand.runs.provider.Provider;
import dev.errand.runs.provider.TaskProvider;
import io.quarkus.narayana.jta.QuarkusTransaction;
import jakarta.inject.Singleton;
import jakarta.transaction.Transactional;
import java.net.URI;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.UUID;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Stores tasks, and renders the prompts and settings of their runs. */
@Singleton
public class TaskStore {
  private static final int MOST_LISTED = 100;

  private final ProfileStore profiles;
  private final TaskKeys keys;
  private final TaskModels models;
  private final TaskCallbacks callbacks;
  private final TaskLimits limits;
  private final Json json;
  private final Clock clock;

  TaskStore(
      ProfileStore profiles,
      TaskKeys keys,
      TaskModels models,
      TaskCallbacks callbacks,
      TaskLimits limits,
      Json json,
      Clock clock) {
    this.profiles = profiles;
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
   * @param callbacks its callbacks, with the secrets that were generated now
   */
  public record Registered(TaskSnapshot task, boolean created, List<Callback> callbacks) {}

  /**
   * Creates a task, or replaces everything of it except the key and the secrets of its callbacks.
   *
   * @param caller the user who registers it, who must be allowed to name its provider
   * @param base under which address the service was reached, where a request registers it
   * @param mayAsk whether the model's server may be asked first
   * @throws ApiException when the registration is not valid; nothing is changed then
   * @throws TaskModels.UnlistedModelException where the model's server is to be asked first
   */
  @Transactional
  public Registered register(
      Caller caller,
      Profile profile,
      String name,
      TaskRegistration registration,
      @Nullable URI base,
      boolean mayAsk) {
    lock(profile);
    TaskSettings.Request wanted = registration.settings();
    Task known = Task.of(profile, name).orElse(null);
    TaskSnapshot before = known == null ? null : known.in(profile);
    InvalidFields wrong = new InvalidFields();
    wrong.add(registration::refuseUnread);
    wrong.add(() -> checkName(name));
    TaskSettings settings =
        wrong.read(() -> wanted.checked(limits.ceilings()), TaskSettings.DEFAULT);
    TaskModels.CheckedModel model = model(caller, profile, registration, before, settings, wrong);
    if (known == null) {
      limits.checkNumber(profile);
    }
    Task task = known == null ? Task.named(profile, name) : known;
    OwnKey key =
        keys.registered(
            task.id, task.key(), wanted.key(), before == null ? null : models.own(before), model);
    if (before == null || !asksAs(before, model, settings)) {
      models.checkListed(
          model,
          keys.opened(task.id, wanted.key(), key, model.provider()),
          settings.outputSchema() != null,
          mayAsk);
    }
    task.keep(key);
    task.provider = model.provider();
    task.runner = model.own().runner();
    task.runnerSettings = write(model.own());
    task.settings = write(settings);
    task.enabled = registration.isEnabled();
    task.madeBy = null;
    task.modifiedAt = now();
    task.etag = Tagged.fresh();
    if (known == null) {
      task.createdAt = task.modifiedAt;
      task.persist();
    }
    List<Callback> kept = callbacks.keep(task.id, wanted.givenCallbacks(), base);
    Task.flush();
    return new Registered(task.in(profile), known == null, kept);
  }

  /** Whether a task asks its model as it did before, so that it can be changed otherwise. */
  private boolean asksAs(TaskSnapshot before, TaskModels.CheckedModel now, TaskSettings settings) {
    Provider provider = now.provider();
    TaskProvider known = before.provider();
    return withoutTexts(models.own(before)).equals(withoutTexts(now.own()))
        && Objects.equals(known == null ? null : known.id(), provider == null ? null : provider.id)
        && Objects.equals(settings(before).outputSchema(), settings.outputSchema());
  }

  private static ModelSettings withoutTexts(ModelSettings settings) {
    return settings.with("", null, settings.baseUrl());
  }

  /** A task that a registration would create. */
  public record Draft(TaskSnapshot task, TaskKeys.Server server) {}

  /**
   * The task that a registration would create, which is not stored. It may lack a key.
   *
   * @throws ApiException when the registration is not valid
   */
  @Transactional
  public Draft draft(Caller caller, Profile profile, String name, TaskRegistration registration) {
    Task known = Task.of(profile, name).orElse(null);
    TaskSnapshot before = known == null ? null : known.in(profile);
    InvalidFields wrong = new InvalidFields();
    wrong.add(registration::refuseUnread);
    wrong.add(() -> checkName(name));
    TaskSettings settings =
        wrong.read(() -> registration.settings().checked(limits.ceilings()), TaskSettings.DEFAULT);
    TaskModels.CheckedModel model = model(caller, profile, registration, before, settings, wrong);
    Provider provider = model.provider();
    UUID id = known == null ? UUID.randomUUID() : known.id;
    OwnKey key = OwnKey.NONE;
    try {
      key =
          keys.registered(
              id,
              known == null ? OwnKey.NONE : known.key(),
              registration.settings().key(),
              before == null ? null : models.own(before),
              model);
    } catch (ApiException e) {
      if (e.code() != ErrorCode.KEY_REQUIRED) {
        throw e;
      }
    }
    TaskSnapshot draft =
        new TaskSnapshot(
            id,
            profile,
            name,
            model.own().runner(),
            write(model.own()),
            write(settings),
            provider == null ? null : provider.ofTask(),
            key.hint(),
            registration.isEnabled(),
            now(),
            now(),
            0);
    return new Draft(
        draft,
        provider == null
            ? new TaskKeys.Server(model.own().runner(), key.sealed() != null, false, key.url())
            : new TaskKeys.Server(
                provider.runner, provider.key().isPresent(), true, provider.baseUrl));
  }

  /**
   * Deletes a task and its key. The caller ends its runs.
   *
   * @throws ApiException {@link ErrorCode#TASK_NOT_FOUND}
   */
  @Transactional
  public void delete(Profile profile, String name) {
    lock(profile);
    Task task = Task.of(profile, name).orElseThrow(() -> TaskReader.notFound(profile, name));
    task.keep(OwnKey.NONE);
    task.provider = null;
    task.deletedAt = now();
  }

  /**
   * Renders the templates of the task for a run.
   *
   * @param values the values of the names that begin with {@code @}
   * @throws ApiException {@link ErrorCode#MISSING_PARAMETERS}, naming each
   */
  public AssignedTask assign(TaskSnapshot task, ObjectNode parameters, BuiltInValues values) {
    return assign(task, parameters, prompt -> prompt.render(parameters, values));
  }

  /** How many characters the templates of a task have when they are rendered. */
  long length(TaskSnapshot task, ObjectNode parameters, BuiltInValues values) {
    LongAdder length = new LongAdder();
    var _ =
        assign(
            task,
            parameters,
            prompt -> {
              length.add(prompt.length(parameters, values));
              return "";
            });
    return length.sum();
  }

  /**
   * The same as {@link #assign}, if it takes no longer than a few milliseconds.
   *
   * @throws LongRenderingException if it takes longer
   */
  AssignedTask assignShort(TaskSnapshot task, ObjectNode parameters, BuiltInValues values) {
    return assign(task, parameters, prompt -> prompt.renderShort(parameters, values));
  }

  private AssignedTask assign(
      TaskSnapshot task, ObjectNode parameters, Function<Prompt, String> rendering) {
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
          "The prompt of " + task.name() + " needs parameters: " + list(missing) + ".",
          missing.stream()
              .limit(MOST_LISTED)
              .map(name -> new ApiException.FieldError("parameters." + name, "is missing"))
              .toList());
    }
    return new AssignedTask(
        model.with(
            rendering.apply(prompt),
            system == null ? null : rendering.apply(system),
            model.baseUrl()),
        // Callbacks are read at the end of the run, not fixed at its start.
        settings(task).withCallbacks(List.of()),
        provider(task));
  }

  private static @Nullable String provider(TaskSnapshot task) {
    return task.provider() == null ? null : task.provider().slug(task.profile());
  }

  /** The first names: a prompt may have tens of thousands, and anyone with its URL may ask. */
  private static String list(List<String> names) {
    String first = names.stream().limit(MOST_LISTED).collect(Collectors.joining(", "));
    return names.size() <= MOST_LISTED
        ? first
        : first + " and " + (names.size() - MOST_LISTED) + " more";
  }

  /**
   * The settings for the retry of a run: its rendered prompt stays, all others are the present ones
   * of the task. The rendered system text stays, too, where the present one needs what only a start
   * has.
   *
   * @param before the settings that were fixed for the run
   * @param parameters those of the run
   */
  public AssignedTask reassign(TaskSnapshot task, AssignedTask before, ObjectNode parameters) {
    return reassign(
        task, before, parameters, system -> system.render(parameters, BuiltInValues.of("")));
  }

  /** The same, if the rendering takes a few milliseconds at most. */
  AssignedTask reassignShort(TaskSnapshot task, AssignedTask before, ObjectNode parameters) {
    return reassign(
        task, before, parameters, system -> system.renderShort(parameters, BuiltInValues.of("")));
  }

  private AssignedTask reassign(
      TaskSnapshot task,
      AssignedTask before,
      ObjectNode parameters,
      Function<Prompt, String> rendering) {
    ModelSettings model = models.atServer(models.of(task));
    ModelSettings rendered = before.model();
    return new AssignedTask(
        model.with(
            rendered.prompt(),
            system(model, rendered.system(), parameters, rendering),
            model.baseUrl()),
        settings(task),
        provider(task));
  }

  private static @Nullable String system(
      ModelSettings present,
      @Nullable String rendered,
      ObjectNode parameters,
      Function<Prompt, String> rendering) {
    if (present.system() == null) {
      return null;
    }
    Prompt system = Prompt.parse(present.field("system"), present.system());
    return system.isOfStart() || !system.missing(parameters).isEmpty()
        ? rendered
        : rendering.apply(system);
  }

  /** The registration that results from a JSON Merge Patch to the task as clients see it. */
  TaskRegistration patched(TaskView shown, ObjectNode patch) {
    return models.patched(shown, patch, json);
  }

  TaskView view(TaskSnapshot task) {
    return models.view(task, settings(task));
  }

  public TaskSettings settings(TaskSnapshot task) {
    return json.read(task.settings(), TaskSettings.class);
  }

  // The rest of a registration: all fields that are wrong are named at once.
  private TaskModels.CheckedModel model(
      Caller caller,
      Profile profile,
      TaskRegistration registration,
      @Nullable TaskSnapshot before,
      TaskSettings settings,
      InvalidFields wrong) {
    wrong.add(() -> callbacks.check(settings.callbacks()));
    wrong.add(
        () ->
            registration.refuseUnknown(
                before == null ? TaskSettings.DEFAULT : settings(before), json));
    return wrong.last(
        () -> models.wanted(caller, profile, registration, before, settings.outputSchema()));
  }

  /**
   * Checks what of a registration takes long to check, so that it takes less when it is stored.
   * Where it is wrong, the rest is checked as well.
   *
   * @throws ApiException that names the fields which are wrong
   */
  void check(Caller caller, Profile profile, String name, TaskRegistration registration) {
    try {
      var _ = registration.settings().checked(limits.ceilings());
    } catch (ApiException refusal) {
      InvalidFields wrong = new InvalidFields();
      wrong.add(registration::refuseUnread);
      wrong.add(() -> checkName(name));
      wrong.add(refusal);
      QuarkusTransaction.requiringNew()
          .run(
              () -> {
                TaskSnapshot before =
                    Task.of(profile, name).map(known -> known.in(profile)).orElse(null);
                var _ = model(caller, profile, registration, before, TaskSettings.DEFAULT, wrong);
              });
      throw refusal;
    }
  }

  // Locks the profile's row to serialize changes of its tasks: two registrations of a name create
  // one task, and a registration that overlaps a deletion does not restore the task.
  void lock(Profile profile) {
    profiles.lock(profile);
  }

  static void checkName(String name) {
    NameRule.TASK.check("task", "a task's name is", name);
  }

  Instant now() {
    return clock.instant();
  }

  String write(Object value) {
    return json.write(value);
  }
}
