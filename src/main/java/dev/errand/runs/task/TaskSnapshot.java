package dev.errand.runs.task;

import dev.errand.identity.profile.Profile;
import dev.errand.runs.provider.TaskProvider;
import io.quarkus.runtime.annotations.RegisterForReflection;
import jakarta.persistence.Column;
import java.time.Instant;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * A task at one moment, with its profile and owner: what starting, finding and showing runs needs.
 *
 * @param runnerSettings the runner's settings, as JSON
 * @param settings the {@link TaskSettings}, as JSON
 * @param provider the provider that has its key; null where it has its own, or needs none
 * @param keyHint the end of its own key; null where it has none
 */
@RegisterForReflection
public record TaskSnapshot(
    @Column(name = "task_id") UUID id,
    Profile profile,
    @Column(name = "task") String name,
    String runner,
    String runnerSettings,
    String settings,
    @Nullable TaskProvider provider,
    @Nullable String keyHint,
    @Column(name = "task_enabled") boolean enabled,
    @Column(name = "task_created_at") Instant createdAt,
    @Column(name = "task_modified_at") Instant modifiedAt,
    @Column(name = "task_etag") long etag) {
  /** The columns that it is read from, where {@code provider} is joined to a task. */
  public static final String COLUMNS =
      Profile.COLUMNS
          + """
          , task.id AS task_id, task.name AS task, task.runner, task.runner_settings,
          task.settings, task.key_hint, task.enabled AS task_enabled,
          task.created_at AS task_created_at, task.modified_at AS task_modified_at,
          task.etag AS task_etag,
          """
          + TaskProvider.COLUMNS;

  /** Whether it has that name in that user's profile. */
  boolean isOf(UUID userId, String inProfile, String called) {
    return profile.user().id().equals(userId)
        && profile.name().equals(inProfile)
        && name.equals(called);
  }

  /** Its path in the audit, such as {@code tasks/ada/default/digest}. */
  public String path() {
    return "tasks/" + profile.slug() + "/" + name;
  }
}
