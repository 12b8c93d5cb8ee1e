package dev.errand.runs.task;

import dev.errand.base.secret.Opened;
import dev.errand.base.secret.Sealed;
import dev.errand.base.secret.SecretBox;
import jakarta.enterprise.context.ApplicationScoped;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Optional;
import java.util.UUID;
import javax.sql.DataSource;

/** Opens the keys of tasks, for whoever asks a model now. */
@ApplicationScoped
public class TaskKeys {
  private static final String KEY =
      "SELECT key_sealed FROM task WHERE id = ? AND deleted_at IS NULL";

  private final DataSource database;
  private final SecretBox box;

  TaskKeys(DataSource database, SecretBox box) {
    this.database = database;
    this.box = box;
  }

  /**
   * The key of a task in the clear, or an empty text where it has none; empty where the task was
   * deleted.
   *
   * @throws dev.errand.base.secret.SealBrokenException when it can't be opened
   */
  public Optional<String> open(UUID taskId) {
    // Each run asks once: one round trip, without a transaction around it.
    try (Connection connection = database.getConnection();
        PreparedStatement select = connection.prepareStatement(KEY)) {
      select.setObject(1, taskId);
      try (ResultSet row = select.executeQuery()) {
        if (!row.next()) {
          return Optional.empty();
        }
        byte[] kept = row.getBytes(1);
        return Optional.of(kept == null ? "" : open(taskId, new Sealed(kept)));
      }
    } catch (SQLException e) {
      throw new IllegalStateException("The database refused a question about a task's key.", e);
    }
  }

  /**
   * The key of a task in the clear; an empty text where it has none.
   *
   * @throws dev.errand.base.secret.SealBrokenException when it can't be opened
   */
  public String open(Task task) {
    return task.key().map(kept -> open(task.id, kept)).orElse("");
  }

  private String open(UUID taskId, Sealed kept) {
    Opened key = box.open(kept, Task.sealContext(taskId));
    return key.value();
  }
}
