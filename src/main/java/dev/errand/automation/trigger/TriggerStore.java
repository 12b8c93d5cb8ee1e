package dev.errand.automation.trigger;

import dev.errand.base.database.Sql;
import dev.errand.base.error.ApiException;
import dev.errand.base.error.ErrorCode;
import dev.errand.base.error.InvalidFields;
import dev.errand.base.http.Precondition;
import dev.errand.base.http.Tagged;
import dev.errand.base.json.Json;
import dev.errand.base.secret.PlainSecret;
import dev.errand.base.secret.RandomText;
import dev.errand.base.secret.Sealed;
import dev.errand.base.secret.SecretBox;
import dev.errand.base.secret.WebhookSecret;
import dev.errand.runs.task.TaskDeletion;
import dev.errand.runs.task.TaskSnapshot;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import jakarta.persistence.EntityManager;
import jakarta.transaction.Transactional;
import java.time.Clock;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.Stream;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.jspecify.annotations.Nullable;

/** Stores the triggers of tasks with their sealed secrets. */
@ApplicationScoped
public class TriggerStore {
  /** The name of the trigger that {@link #signedUrl} finds or creates. */
  static final String SIGNED = "signed";

  private final EntityManager entities;
  private final Sql sql;
  private final SecretBox box;
  private final Json json;
  private final Clock clock;
  private final int perTask;
  private final Precondition precondition;

  /**
   * Stores triggers up to a limit.
   *
   * @param perTask the most triggers of a task
   */
  TriggerStore(
      EntityManager entities,
      Sql sql,
      SecretBox box,
      Json json,
      Clock clock,
      @ConfigProperty(name = "errand.trigger.per-task", defaultValue = "100") int perTask,
      Precondition precondition) {
    this.perTask = perTask;
    this.entities = entities;
    this.sql = sql;
    this.box = box;
    this.json = json;
    this.clock = clock;
    this.precondition = precondition;
  }

  /**
   * The result of storing a trigger.
   *
   * @param generated the secrets that were generated now, which are shown only once
   * @param before the trigger as it was, without its address; null where it is new
   */
  record PutTrigger(
      TaskTrigger trigger,
      boolean created,
      List<PlainSecret> generated,
      @Nullable TriggerView before,
      boolean secretsChanged) {}

  /**
   * Creates a trigger.
   *
   * @throws ApiException {@link ErrorCode#ALREADY_EXISTS}, or when the request is not valid
   */
  @Transactional(Transactional.TxType.MANDATORY)
  PutTrigger create(TaskSnapshot task, TriggerRequest wanted) {
    String name = wanted.name() == null ? freshName() : wanted.name();
    wanted.check();
    lock(task);
    if (TaskTrigger.of(task.id(), name).isPresent()) {
      throw new ApiException(
          ErrorCode.ALREADY_EXISTS,
          "The task %s already has a trigger %s: choose another name, or PUT it."
              .formatted(task.name(), name));
    }
    SignatureScheme scheme =
        wanted.scheme() == null ? SignatureScheme.URL : SignatureScheme.of(wanted.scheme());
    return keep(newTrigger(task, name), scheme, wanted, true);
  }

  /**
   * Creates a trigger, or replaces all of it except its address, and its secrets if the request
   * names none.
   *
   * @throws ApiException when the request is not valid; nothing has changed then
   */
  @Transactional(Transactional.TxType.MANDATORY)
  PutTrigger put(TaskSnapshot task, String name, TriggerRequest wanted) {
    InvalidFields wrong = new InvalidFields();
    wrong.add(() -> TriggerRequest.checkName(name));
    if (wanted.name() != null && !wanted.name().equals(name)) {
      wrong.add(ApiException.invalid("name", "differs from the name in the address"));
    }
    if (wanted.scheme() == null) {
      wrong.add(ApiException.invalid("scheme", "is required"));
    }
    wrong.add(wanted::check);
    wrong.refuse();
    SignatureScheme scheme = SignatureScheme.of(Objects.requireNonNull(wanted.scheme()));
    lock(task);
    Optional<TaskTrigger> known = TaskTrigger.of(task.id(), name);
    precondition.check(known.orElse(null));
    return keep(known.orElseGet(() -> newTrigger(task, name)), scheme, wanted, known.isEmpty());
  }

  /**
   * Finds or creates the trigger of the task's default signed URL.
   *
   * @throws ApiException {@link ErrorCode#ALREADY_EXISTS} when a verified trigger has its name
   */
  @Transactional(Transactional.TxType.MANDATORY)
  PutTrigger signedUrl(TaskSnapshot task) {
    lock(task);
    Optional<TaskTrigger> known = TaskTrigger.of(task.id(), SIGNED);
    if (known.isPresent() && known.get().settings.scheme().isVerified()) {
      throw new ApiException(
          ErrorCode.ALREADY_EXISTS,
          "The trigger " + SIGNED + " of " + task.name() + " is verified: delete it first.");
    }
    if (known.isPresent() && !known.get().settings.hasExpired(clock.instant())) {
      TaskTrigger there = known.get();
      return new PutTrigger(there, false, List.of(), TriggerView.of(there, null, List.of()), false);
    }
    known.ifPresent(TaskTrigger::delete);
    entities.flush();
    return keep(newTrigger(task, SIGNED), SignatureScheme.URL, TriggerRequest.SIGNED_URL, true);
  }

  @Transactional(Transactional.TxType.MANDATORY)
  List<TaskTrigger> list(TaskSnapshot task, String after, int most) {
    return TaskTrigger.someOf(task.id(), after, most);
  }

  /**
   * The task's trigger of that name.
   *
   * @throws ApiException {@link ErrorCode#TRIGGER_NOT_FOUND}
   */
  @Transactional(Transactional.TxType.MANDATORY)
  TaskTrigger require(TaskSnapshot task, String name) {
    return TaskTrigger.of(task.id(), name).orElseThrow(() -> notFound(task, name));
  }

  /**
   * The same, after other changes of the task's triggers and before the next one.
   *
   * @throws ApiException {@link ErrorCode#TRIGGER_NOT_FOUND}
   */
  @Transactional(Transactional.TxType.MANDATORY)
  TaskTrigger requireToChange(TaskSnapshot task, String name) {
    lock(task);
    return require(task, name);
  }

  /**
   * The task's trigger of that name, for its deliveries.
   *
   * @throws ApiException {@link ErrorCode#TRIGGER_NOT_FOUND}
   */
  public TriggerSnapshot read(TaskSnapshot task, String name) {
    return sql.statement(TriggerSnapshot.OF_TASK)
        .with("task_id", task.id())
        .by("name", name)
        .first(TriggerSnapshot.class)
        .orElseThrow(() -> notFound(task, name));
  }

  /** The trigger with that id, unless it or its task is deleted. */
  public Optional<TriggerSnapshot> live(UUID id) {
    return sql.statement(TriggerSnapshot.BY_ID).with("id", id).first(TriggerSnapshot.class);
  }

  private static ApiException notFound(TaskSnapshot task, String name) {
    return new ApiException(
        ErrorCode.TRIGGER_NOT_FOUND, "The task " + task.name() + " has no trigger " + name + ".");
  }

  void enable(TaskTrigger trigger, boolean enabled) {
    trigger.settings = trigger.settings.withEnabled(enabled);
    trigger.modifiedAt = clock.instant();
    trigger.etag = Tagged.fresh();
  }

  /**
   * Deletes a trigger, its address and its deliveries.
   *
   * @return the trigger as it was
   * @throws ApiException {@link ErrorCode#TRIGGER_NOT_FOUND}
   */
  @Transactional(Transactional.TxType.MANDATORY)
  TaskTrigger delete(TaskSnapshot task, String name) {
    TaskTrigger trigger = requireToChange(task, name);
    precondition.check(trigger);
    trigger.delete();
    return trigger;
  }

  void on(@Observes TaskDeletion deletion) {
    TaskTrigger.delete("taskId", deletion.taskId());
  }

  public List<PlainSecret> secrets(TriggerSnapshot trigger) {
    byte[] sealed = trigger.secretsSealed();
    if (sealed == null) {
      return List.of();
    }
    String opened = box.open(new Sealed(sealed), TaskTrigger.secretsContext(trigger.id())).value();
    return Stream.of(json.read(opened, String[].class)).map(PlainSecret::new).toList();
  }

  private PutTrigger keep(
      TaskTrigger trigger, SignatureScheme scheme, TriggerRequest wanted, boolean created) {
    @Nullable TriggerView before = created ? null : TriggerView.of(trigger, null, List.of());
    List<String> secrets = wanted.checkedSecrets(scheme);
    boolean sameScheme = !created && scheme == trigger.settings.scheme();
    List<PlainSecret> generated = List.of();
    if (!scheme.isVerified()) {
      trigger.secretsSealed = null;
      trigger.secretHints = List.of();
    } else if (!secrets.isEmpty()) {
      seal(trigger, secrets);
    } else if (!sameScheme) {
      generated = List.of(generate(scheme));
      seal(trigger, generated.stream().map(PlainSecret::value).toList());
    }
    Instant now = clock.instant();
    trigger.settings = wanted.settings(scheme, now, created ? null : trigger.settings.expiresAt());
    trigger.modifiedAt = now;
    trigger.etag = Tagged.fresh();
    if (created) {
      trigger.createdAt = now;
      trigger.persist();
    }
    entities.flush();
    boolean secretsChanged = !secrets.isEmpty() || !generated.isEmpty();
    return new PutTrigger(trigger, created, generated, before, secretsChanged);
  }

  private PlainSecret generate(SignatureScheme scheme) {
    if (!scheme.takesAnySecret()) {
      throw ApiException.invalid(
          "secrets", "are required: " + scheme.code() + " shows the secret that it signs with");
    }
    if (scheme == SignatureScheme.STANDARD_WEBHOOKS) {
      return WebhookSecret.generate().open();
    }
    return new PlainSecret(RandomText.generate());
  }

  private void seal(TaskTrigger trigger, List<String> secrets) {
    PlainSecret all = new PlainSecret(json.write(secrets));
    trigger.secretsSealed = box.seal(all, TaskTrigger.secretsContext(trigger.id)).bytes();
    trigger.secretHints = secrets.stream().map(secret -> new PlainSecret(secret).hint()).toList();
  }

  private TaskTrigger newTrigger(TaskSnapshot task, String name) {
    if (TaskTrigger.count("taskId", task.id()) >= perTask) {
      throw new ApiException(
          ErrorCode.TOO_MANY_TRIGGERS,
          ("The task %s has %s triggers, the limit set by errand.trigger.per-task: delete"
                  + " some.")
              .formatted(task.name(), perTask));
    }
    TaskTrigger trigger = new TaskTrigger();
    trigger.id = UUID.randomUUID();
    trigger.taskId = task.id();
    trigger.name = name;
    return trigger;
  }

  // Locks the task's row, so that changes of its triggers are serialized and a task that is being
  // deleted gets no new one.
  private void lock(TaskSnapshot task) {
    List<?> there =
        entities
            .createNativeQuery(
                "SELECT id FROM task WHERE id = ?1 AND deleted_at IS NULL FOR NO KEY UPDATE")
            .setParameter(1, task.id())
            .getResultList();
    if (there.isEmpty()) {
      throw new ApiException(
          ErrorCode.TASK_NOT_FOUND, "The task " + task.name() + " has been deleted.");
    }
  }

  public static ApiException gone() {
    return new ApiException(
        ErrorCode.TRIGGER_GONE, "This address was withdrawn: ask its owner for a new one.");
  }

  private static String freshName() {
    return "url-" + UUID.randomUUID().toString().substring(0, 8);
  }
}
