package dev.errand.automation.trigger;

import dev.errand.runs.provider.TaskProvider;
import dev.errand.runs.task.TaskSnapshot;
import io.quarkus.runtime.annotations.RegisterForReflection;
import jakarta.persistence.Column;
import java.time.Duration;
import java.time.Instant;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * A trigger at one moment, with its task, as deliveries need it.
 *
 * @param secretsSealed the sealed secrets of the sender; null for a signed URL
 * @param expiresAt when its address expires; null for never
 * @param filter which deliveries start runs
 */
@RegisterForReflection
public record TriggerSnapshot(
    TaskSnapshot task,
    @Column(name = "trigger_id") UUID id,
    @Column(name = "trigger_name") String name,
    SignatureScheme scheme,
    byte @Nullable [] secretsSealed,
    @Column(name = "trigger_enabled") boolean enabled,
    int toleranceSeconds,
    int ratePerMinute,
    int maxBodyBytes,
    @Nullable Instant expiresAt,
    @Column(name = "trigger_created_at") Instant createdAt,
    TriggerFilter filter) {
  private static final String READ =
      "SELECT "
          + TaskSnapshot.COLUMNS
          + """
          , task_trigger.id AS trigger_id, task_trigger.name AS trigger_name, scheme,
            secrets_sealed, task_trigger.enabled AS trigger_enabled, tolerance_seconds,
            rate_per_minute, max_body_bytes, task_trigger.expires_at,
            task_trigger.created_at AS trigger_created_at, condition, headers
          FROM task_trigger JOIN task ON task.id = task_trigger.task_id
          JOIN profile ON profile.id = task.profile_id
          JOIN account ON account.id = profile.account_id
          """
          + TaskProvider.JOIN
          + " WHERE task.deleted_at IS NULL AND ";

  /** A trigger of a task that exists. */
  static final String BY_ID = READ + "task_trigger.id = :id";

  static final String OF_TASK = READ + "task.id = :task_id AND task_trigger.name = :name";

  /** How far the signed time may be off. */
  public Duration tolerance() {
    return Duration.ofSeconds(toleranceSeconds);
  }

  public boolean hasExpired(Instant now) {
    return expiresAt != null && !now.isBefore(expiresAt);
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
