package dev.errand.runs.task;

import dev.errand.identity.profile.Profile;
import dev.errand.identity.profile.ProfileAccess;
import jakarta.enterprise.context.ApplicationScoped;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Timestamp;
import java.time.Instant;
import java.util.Optional;
import java.util.UUID;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;

/** Finds the task that an address names, for its caller. */
@ApplicationScoped
public class TaskAccess {
  private static final String OWN =
      """
      SELECT task.id, runner, runner_settings, settings, key_sealed, key_hint, enabled,
        task.created_at, task.modified_at, profile_id, paused_at
      FROM profile JOIN task ON task.profile_id = profile.id
      WHERE account_id = ? AND profile.name = ? AND task.name = ? AND deleted_at IS NULL
      """;

  private final ProfileAccess access;
  private final TaskBook tasks;
  private final DataSource database;

  TaskAccess(ProfileAccess access, TaskBook tasks, DataSource database) {
    this.access = access;
    this.tasks = tasks;
    this.database = database;
  }

  /**
   * A task of the caller's own, to be read; what is set in it changes nothing. Of its profile it
   * knows the id, the name and since when it is paused.
   *
   * @throws dev.errand.base.error.ApiException {@link
   *     dev.errand.base.error.ErrorCode#PROFILE_NOT_FOUND} or {@link
   *     dev.errand.base.error.ErrorCode#TASK_NOT_FOUND}
   */
  public Task own(String user, String profile, String name) {
    // Each trigger and each poll begins with it: one round trip. What is missing where there is no
    // such task is then found step by step.
    return find(access.owner(user, profile), profile, name)
        .orElseGet(() -> tasks.require(access.own(user, profile), name));
  }

  private Optional<Task> find(UUID owner, String profile, String name) {
    if (profile.indexOf('\0') >= 0 || name.indexOf('\0') >= 0) {
      // The database has no text with NUL in it.
      return Optional.empty();
    }
    try (Connection connection = database.getConnection();
        PreparedStatement select = connection.prepareStatement(OWN)) {
      select.setObject(1, owner);
      select.setString(2, profile);
      select.setString(3, name);
      try (ResultSet row = select.executeQuery()) {
        return row.next() ? Optional.of(task(row, profile, name)) : Optional.empty();
      }
    } catch (SQLException e) {
      throw new IllegalStateException("The database refused a question about a task.", e);
    }
  }

  private static Task task(ResultSet row, String profile, String name) throws SQLException {
    Task task = new Task();
    task.id = row.getObject("id", UUID.class);
    task.profile = new Profile();
    task.profile.id = row.getObject("profile_id", UUID.class);
    task.profile.name = profile;
    task.profile.pausedAt = instant(row, "paused_at");
    task.name = name;
    task.runner = row.getString("runner");
    task.runnerSettings = row.getString("runner_settings");
    task.settings = row.getString("settings");
    task.keySealed = row.getBytes("key_sealed");
    task.keyHint = row.getString("key_hint");
    task.enabled = row.getBoolean("enabled");
    task.createdAt = row.getTimestamp("created_at").toInstant();
    task.modifiedAt = row.getTimestamp("modified_at").toInstant();
    return task;
  }

  private static @Nullable Instant instant(ResultSet row, String column) throws SQLException {
    Timestamp time = row.getTimestamp(column);
    return time == null ? null : time.toInstant();
  }
}
