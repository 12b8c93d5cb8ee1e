package dev.errand.runs.task;

import dev.errand.base.database.Sql;
import dev.errand.base.error.ApiException;
import dev.errand.base.secret.PlainSecret;
import dev.errand.base.secret.Sealed;
import dev.errand.base.secret.SecretBox;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.Optional;
import java.util.UUID;

/** Seals the keys of tasks, and opens them for requests to models. */
@ApplicationScoped
public class TaskKeys {
  private final Sql sql;
  private final SecretBox box;

  TaskKeys(Sql sql, SecretBox box) {
    this.sql = sql;
    this.box = box;
  }

  /**
   * Gives a task a key.
   *
   * @throws ApiException when the key is not valid
   */
  void seal(Task task, String key) {
    if (key.isBlank() || key.length() > 4096 || key.chars().anyMatch(c -> c < 0x21 || c > 0x7e)) {
      throw ApiException.invalid(
          "settings.key", "must be 1 to 4096 visible ASCII characters without spaces");
    }
    task.keySealed = box.seal(new PlainSecret(key), task.sealContext()).bytes();
    task.keyHint = key.length() >= 16 ? "…" + key.substring(key.length() - 4) : "…";
  }

  /**
   * The key of a task in the clear, or an empty text where it has none; empty where the task was
   * deleted.
   *
   * @throws dev.errand.base.secret.SealBrokenException when it can't be opened
   */
  public Optional<String> open(UUID taskId) {
    // Each run asks once: one round trip, without a transaction around it.
    return sql.statement(TaskStatements.KEY)
        .with("id", taskId)
        .first(
            row -> {
              byte[] kept = row.bytesOrNull("key_sealed");
              return kept == null ? "" : open(taskId, new Sealed(kept));
            });
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
    PlainSecret key = box.open(kept, Task.sealContext(taskId));
    return key.value();
  }
}
