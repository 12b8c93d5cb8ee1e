package dev.errand.runs.task;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.errand.base.database.Sql;
import dev.errand.base.error.ApiException;
import dev.errand.base.error.ErrorCode;
import dev.errand.base.http.Paging.Listed;
import dev.errand.base.http.Precondition;
import dev.errand.base.limit.FittingItems;
import dev.errand.identity.account.Caller;
import dev.errand.identity.account.Scope;
import dev.errand.identity.audit.Audit;
import dev.errand.identity.audit.AuditAction;
import dev.errand.identity.profile.Profile;
import dev.errand.identity.profile.ProfileAccess;
import dev.errand.identity.profile.ProfileSlug;
import dev.errand.identity.profile.Right;
import dev.errand.runs.task.TaskModels.UnlistedModelException;
import dev.errand.runs.task.TaskReader.NamedTask;
import dev.errand.runs.task.TaskStore.Registered;
import io.quarkus.narayana.jta.QuarkusTransaction;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Event;
import jakarta.transaction.Transactional;
import java.net.URI;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** The operations on tasks: list, get, register, patch, delete. */
@ApplicationScoped
public class TaskService {
  private static final int MOST_CHOICES = 500;
  private static final List<String> CHECKED = List.of("output_schema", "expect", "approvals");
  // Each may have half a megabyte of texts.
  private static final int FEW = 8;

  private final ProfileAccess access;
  private final TaskReader reader;
  private final FittingItems fitting;
  private final TaskStore tasks;
  // SettingsReplaced and TaskDeletion.
  private final Event<Object> events;
  private final TasksByRuns made;
  private final TaskPreparations preparations;
  private final Audit audit;
  private final Precondition precondition;

  TaskService(
      ProfileAccess access,
      TaskReader reader,
      FittingItems fitting,
      TaskStore tasks,
      Event<Object> events,
      TasksByRuns made,
      TaskPreparations preparations,
      Audit audit,
      Precondition precondition) {
    this.access = access;
    this.reader = reader;
    this.fitting = fitting;
    this.tasks = tasks;
    this.events = events;
    this.made = made;
    this.preparations = preparations;
    this.audit = audit;
    this.precondition = precondition;
  }

  /**
   * The result of a registration.
   *
   * @param callbacks its callbacks, with the secrets that have just been created
   */
  public record Registering(TaskView task, boolean created, List<Callback> callbacks) {}

  public record TaskOfProfile(String profile, TaskView task) {}

  /** The names of the profile's first tasks, for a field in which a person chooses one. */
  public List<String> names(Caller caller, ProfileSlug profile) {
    return names(caller, profile, Right.SEE).stream()
        .map(NamedTask::name)
        .limit(MOST_CHOICES)
        .toList();
  }

  /**
   * Whether the profile has a task that the caller may see.
   *
   * @throws ApiException as {@link #list}
   */
  public boolean hasAny(Caller caller, ProfileSlug profile) {
    return !names(caller, profile, Right.SEE).isEmpty();
  }

  /**
   * Some of the profile's tasks, by name, as many as fit into a page.
   *
   * @throws ApiException {@link ErrorCode#PROFILE_NOT_FOUND}, {@link ErrorCode#SCOPE_MISSING} or
   *     {@link ErrorCode#ROLE_MISSING}
   */
  public Listed<TaskView> list(Caller caller, ProfileSlug profile, String after, int most) {
    return list(caller, profile, access.requireForList(caller, profile, Right.SEE), after, most);
  }

  private Listed<TaskView> list(
      Caller caller, ProfileSlug slug, Profile profile, String after, int most) {
    List<String> names = ProfileAccess.tasksOf(caller, profile);
    return fitting.read(
        caller.username(),
        most,
        reader.sizes(profile, names, after, most + 1).stream().map(TaskService::held).toList(),
        number -> views(caller, slug, reader.some(profile, names, after, number)));
  }

  // The texts of a task are read as JSON.
  private static long held(long bytes) {
    return 2 * bytes;
  }

  /**
   * Shows the profile's tasks one after the other, by name, to a reader that keeps little of each.
   *
   * @param right {@link Right#SEE}; {@link Right#RUN} where prompts are not shown
   * @throws ApiException {@link ErrorCode#PROFILE_NOT_FOUND}, {@link ErrorCode#SCOPE_MISSING} or
   *     {@link ErrorCode#ROLE_MISSING}
   */
  public void each(Caller caller, ProfileSlug profile, Right right, Consumer<TaskView> to) {
    each(caller, profile, access.requireForList(caller, profile, right), to);
  }

  private void each(Caller caller, ProfileSlug slug, Profile profile, Consumer<TaskView> to) {
    List<String> names = ProfileAccess.tasksOf(caller, profile);
    String last = "";
    List<TaskSnapshot> read;
    do {
      read = reader.some(profile, names, last, FEW);
      views(caller, slug, read).forEach(to);
      last = read.isEmpty() ? last : read.getLast().name();
    } while (read.size() == FEW);
  }

  /**
   * Shows the tasks of all profiles of a user in which the caller may see tasks.
   *
   * @throws ApiException {@link ErrorCode#PROFILE_NOT_FOUND} when no profile of somebody else is
   *     shared with the caller
   */
  public Consumer<Consumer<TaskOfProfile>> all(Caller caller, String user) {
    List<Profile> profiles = access.allOf(caller, user, Right.SEE);
    return to ->
        profiles.forEach(
            profile ->
                each(
                    caller,
                    new ProfileSlug(user, profile.name()),
                    profile,
                    task -> to.accept(new TaskOfProfile(profile.name(), task))));
  }

  /**
   * The task of that name.
   *
   * @throws ApiException {@link ErrorCode#PROFILE_NOT_FOUND} or {@link ErrorCode#TASK_NOT_FOUND}
   */
  public TaskView get(Caller caller, ProfileSlug profile, String name) {
    Profile of = access.requireOfTask(caller, profile, name, Right.SEE);
    return shown(tasks.view(reader.require(of, name)), access.allows(caller, of, Right.EDIT));
  }

  // A user who knows the full address of a callback may be able to post to it, for example to a
  // trigger.
  private static TaskView shown(TaskView task, boolean toEditor) {
    List<Callback> callbacks = task.settings().bounds().callbacks();
    return toEditor || callbacks.isEmpty()
        ? task
        : task.withCallbacks(callbacks.stream().map(Callback::withServerAlone).toList());
  }

  /**
   * The task of that name, as users who may change it see it.
   *
   * @return empty where there is none
   * @throws ApiException {@link ErrorCode#PROFILE_NOT_FOUND} or {@link ErrorCode#ROLE_MISSING}
   */
  public Optional<TaskView> find(Caller caller, ProfileSlug profile, String name) {
    return find(caller, profile, name, Right.EDIT);
  }

  /**
   * The task of that name.
   *
   * @param right {@link Right#SEE}; {@link Right#RUN} where prompts are not shown
   * @return empty where there is none
   * @throws ApiException {@link ErrorCode#PROFILE_NOT_FOUND} or {@link ErrorCode#ROLE_MISSING}
   */
  public Optional<TaskView> find(Caller caller, ProfileSlug profile, String name, Right right) {
    Profile of = access.requireOfTask(caller, profile, name, right);
    boolean toEditor = right == Right.EDIT || access.allows(caller, of, Right.EDIT);
    return reader.find(of, name).map(task -> shown(tasks.view(task), toEditor));
  }

  /**
   * The names of the profile's tasks that {@link #each} shows, in the same order.
   *
   * @throws ApiException as that does
   */
  public List<NamedTask> names(Caller caller, ProfileSlug profile, Right right) {
    Profile of = access.requireForList(caller, profile, right);
    return reader.names(of).stream()
        .filter(task -> ProfileAccess.coversTask(caller, of, profile, task.name()))
        .toList();
  }

  /**
   * Registers a task, or replaces everything of it except the key and the secrets of its callbacks.
   *
   * @param base under which address the service was reached, where a request registers it
   * @throws ApiException when the registration is not valid; nothing is changed then
   */
  public Registering register(
      Caller caller,
      ProfileSlug profile,
      String name,
      TaskRegistration registration,
      @Nullable URI base) {
    check(caller, profile, name, registration);
    return stored(mayAsk -> store(caller, profile, name, registration, base, mayAsk));
  }

  // Who may not register it has nothing checked.
  private void check(
      Caller caller, ProfileSlug profile, String name, TaskRegistration registration) {
    if (registration.settings().takeLongToCheck()) {
      preparations.check(
          caller, access.requireOfTask(caller, profile, name, Right.EDIT), name, registration);
    }
  }

  /**
   * Stores a registration in a transaction, which is begun anew after the model's server was asked
   * for its models: no lock and no connection is held while it is.
   */
  private Registering stored(Registration registration) {
    boolean mayAsk = !Sql.isInTransaction();
    try {
      return QuarkusTransaction.joiningExisting().call(() -> registration.store(mayAsk));
    } catch (UnlistedModelException e) {
      preparations.ask(e);
      return QuarkusTransaction.joiningExisting().call(() -> registration.store(false));
    }
  }

  /** A registration to be stored in a transaction. */
  @FunctionalInterface
  private interface Registration {
    Registering store(boolean mayAsk);
  }

  private Registering store(
      Caller caller,
      ProfileSlug profile,
      String name,
      TaskRegistration registration,
      @Nullable URI base,
      boolean mayAsk) {
    Profile into = access.requireOfTask(caller, profile, name, Right.EDIT);
    tasks.lock(into);
    @Nullable TaskView before = known(into, name);
    precondition.check(before);
    Registered registered = tasks.register(caller, into, name, registration, base, mayAsk);
    events.fire(new SettingsReplaced(registered.task().id()));
    TaskView after = recorded(caller, registered.task(), before, registration.changedSecrets());
    if (isApprovedByTime(after) && (before == null || isSooner(after, before))) {
      // Only an owner who may decide lets calls be made that nobody decided about.
      var _ = access.requireOfTask(caller, profile, name, Right.OWN);
      caller.require(Scope.APPROVE);
    }
    return new Registering(after, registered.created(), registered.callbacks());
  }

  /**
   * Registers a new task.
   *
   * @param base under which address the service was reached, where a request registers it
   * @throws ApiException {@link ErrorCode#ALREADY_EXISTS}, or as {@link #register} does
   */
  public Registering create(
      Caller caller,
      ProfileSlug profile,
      String name,
      TaskRegistration registration,
      @Nullable URI base) {
    check(caller, profile, name, registration);
    return stored(
        mayAsk -> {
          Profile into = access.requireOfTask(caller, profile, name, Right.EDIT);
          tasks.lock(into);
          if (reader.find(into, name).isPresent()) {
            throw new ApiException(
                ErrorCode.ALREADY_EXISTS,
                "The task " + name + " already exists: choose another name.");
          }
          return store(caller, profile, name, registration, base, mayAsk);
        });
  }

  private static boolean isSooner(TaskView after, TaskView before) {
    return !isApprovedByTime(before)
        || after
                .settings()
                .bounds()
                .timeToApprove()
                .compareTo(before.settings().bounds().timeToApprove())
            < 0;
  }

  private static boolean isApprovedByTime(TaskView task) {
    return task.settings().bounds().isApprovedByTime();
  }

  private @Nullable TaskView known(Profile profile, String name) {
    return reader.find(profile, name).map(tasks::view).orElse(null);
  }

  private TaskView recorded(
      Caller caller, TaskSnapshot task, @Nullable TaskView before, String... secrets) {
    TaskView after = tasks.view(task);
    audit.record(
        caller,
        before == null ? AuditAction.TASK_CREATED : AuditAction.TASK_CHANGED,
        task.path(),
        before,
        after,
        secrets);
    return after;
  }

  /**
   * Changes the fields of a task that a patch names. No other change comes between reading and
   * storing the task.
   *
   * @param patch a JSON Merge Patch to the task as clients see it, and to its key
   * @throws ApiException {@link ErrorCode#TASK_NOT_FOUND}, or when the result is not valid; nothing
   *     is changed then
   */
  public Registering patch(
      Caller caller, ProfileSlug profile, String name, ObjectNode patch, @Nullable URI base) {
    if (patch.path("settings").path("key").isNull()) {
      throw ApiException.invalid("settings.key", "can't be removed: send another key, or none");
    }
    if (CHECKED.stream().anyMatch(patch.path("settings")::has)) {
      Profile own = access.requireOfTask(caller, profile, name, Right.EDIT);
      TaskView now = tasks.view(reader.require(own, name));
      preparations.check(caller, own, name, tasks.patched(now, patch));
    }
    return stored(
        mayAsk -> {
          Profile own = access.requireOfTask(caller, profile, name, Right.EDIT);
          tasks.lock(own);
          TaskView shown = tasks.view(reader.require(own, name));
          return store(caller, profile, name, tasks.patched(shown, patch), base, mayAsk);
        });
  }

  /**
   * Registers a task for a run, with the server, the key and the bounds of the run's task, or
   * replaces one that a run has created.
   *
   * @param model the model; null for the maker's
   * @throws ApiException {@link ErrorCode#ALREADY_EXISTS} where a person made the task of that
   *     name, or when it is not valid; nothing is changed then
   */
  @Transactional
  public TaskView registerByRun(
      Caller caller,
      ProfileSlug profile,
      UUID makerId,
      String name,
      String prompt,
      @Nullable String model) {
    Profile into = access.requireOfTask(caller, profile, name, Right.EDIT);
    tasks.lock(into);
    @Nullable TaskView before = known(into, name);
    TaskSnapshot task = made.byRun(into, makerId, name, prompt, model);
    events.fire(new SettingsReplaced(task.id()));
    return recorded(caller, task, before);
  }

  /**
   * Deletes a task, its schedules and its triggers.
   *
   * @throws ApiException {@link ErrorCode#TASK_NOT_FOUND}, or {@link ErrorCode#TASK_HAS_LIVE_RUNS}
   *     without force
   */
  @Transactional
  public void delete(Caller caller, ProfileSlug profile, String name, boolean force) {
    Profile of = access.requireOfTask(caller, profile, name, Right.EDIT);
    tasks.lock(of);
    TaskSnapshot deleted = reader.require(of, name);
    precondition.check(tasks.view(deleted));
    tasks.delete(of, name);
    events.fire(new TaskDeletion(deleted.id(), deleted.name(), force));
    audit.record(caller, AuditAction.TASK_DELETED, deleted.path(), tasks.view(deleted), null);
  }

  private List<TaskView> views(Caller caller, ProfileSlug profile, List<TaskSnapshot> all) {
    if (all.isEmpty()) {
      return List.of();
    }
    boolean toEditor = access.allows(caller, all.getFirst().profile(), Right.EDIT);
    return all.stream()
        .filter(task -> ProfileAccess.coversTask(caller, task.profile(), profile, task.name()))
        .map(task -> shown(tasks.view(task), toEditor))
        .toList();
  }
}
