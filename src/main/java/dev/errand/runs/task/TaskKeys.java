package dev.errand.runs.task;

import dev.errand.base.database.Sql;
import dev.errand.base.error.ApiException;
import dev.errand.base.secret.PlainSecret;
import dev.errand.base.secret.Sealed;
import dev.errand.base.secret.SecretBox;
import dev.errand.tools.install.ProfileToolbox.Offered;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

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
        .first(row -> opened(taskId, row.bytesOrNull("key_sealed")));
  }

  /**
   * The key of a task, and what is installed in its profile.
   *
   * @param key the key in the clear, or an empty text where it has none
   * @param offered what is installed, by name
   */
  public record KeyAndTools(String key, List<Offered> offered) {
    @Override
    public String toString() {
      return "KeyAndTools[…]";
    }
  }

  /** A row of the query for both. */
  private record Read(byte @Nullable [] key, @Nullable Offered offered) {}

  /**
   * The key of a task, and what is installed in its profile, in one round trip; empty where the
   * task was deleted.
   *
   * @throws dev.errand.base.secret.SealBrokenException when it can't be opened
   */
  public Optional<KeyAndTools> openWithTools(UUID taskId) {
    List<Read> rows =
        sql.statement(TaskStatements.KEY_AND_TOOLS)
            .with("id", taskId)
            .list(
                row ->
                    new Read(
                        row.bytesOrNull("key_sealed"),
                        row.textOrNull("installation") == null ? null : Offered.of(row)));
    return rows.isEmpty()
        ? Optional.empty()
        : Optional.of(
            new KeyAndTools(
                opened(taskId, rows.getFirst().key()),
                rows.stream().flatMap(row -> Stream.ofNullable(row.offered())).toList()));
  }

  private String opened(UUID taskId, byte @Nullable [] kept) {
    return kept == null ? "" : open(taskId, new Sealed(kept));
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
