package dev.errand.automation.trigger;

import dev.errand.runs.provider.TaskProvider;
import dev.errand.runs.task.TaskSnapshot;
import io.quarkus.runtime.annotations.RegisterForReflection;
import jakarta.persistence.Column;
import java.time.Instant;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * A trigger at one moment, with its task, as deliveries need it.
 *
 * @param failingVerdict the verdict of the last one where its deliveries fail, by its code; null
 *     while they do not
 * @param secretsSealed the sealed secrets of the sender; null for a signed URL
 */
@RegisterForReflection
public record TriggerSnapshot(
    TaskSnapshot task,
    @Column(name = "trigger_id") UUID id,
    @Column(name = "trigger_name") String name,
    TriggerSettings settings,
    byte @Nullable [] secretsSealed,
    @Nullable String failingVerdict,
    Instant createdAt) {
  private static final String READ =
      "SELECT "
          + TaskSnapshot.COLUMNS
          + """
          , task_trigger.id AS trigger_id, task_trigger.name AS trigger_name, task_trigger.*
          FROM task_trigger JOIN task ON task.id = task_trigger.task_id
          JOIN profile ON profile.id = task.profile_id
          JOIN account ON account.id = profile.account_id
          """
          + TaskProvider.JOIN
          + " WHERE task.deleted_at IS NULL AND ";

  /** A trigger of a task that exists. */
  static final String BY_ID = READ + "task_trigger.id = :id";

  static final String OF_TASK = READ + "task.id = :task_id AND task_trigger.name = :name";

  public SignatureScheme scheme() {
    return settings.scheme();
  }

  public TriggerFilter filter() {
    return settings.filter();
  }

  /** The seal context of its deliveries. */
  public String deliveryContext() {
    return "trigger/" + id + "/delivery";
  }

  @Override
  public String toString() {
    return "TriggerSnapshot[" + id + "]";
  }
}
