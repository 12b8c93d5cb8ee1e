package dev.errand.automation.callback;

import dev.errand.automation.callback.CallbackService.CallbackView;
import dev.errand.base.database.Sql;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.List;
import java.util.UUID;

/** Reads the callbacks of a task, and enables them again. */
@ApplicationScoped
class CallbackStore {
  private static final String OF_TASK =
      "SELECT * FROM task_callback WHERE task_id = :task_id ORDER BY created_at, url";

  private static final String ENABLE =
      """
      UPDATE task_callback SET disabled_at = NULL, modified_at = now()
      WHERE id = :id AND disabled_at IS NOT NULL
      """;

  private final Sql sql;

  CallbackStore(Sql sql) {
    this.sql = sql;
  }

  /** The callbacks of a task, the oldest first. */
  List<CallbackView> ofTask(UUID taskId, boolean toEditor) {
    return sql.statement(OF_TASK)
        .with("task_id", taskId)
        .list(row -> CallbackView.of(row, toEditor));
  }

  /** Enables a callback for events from now on. */
  void enable(UUID callbackId) {
    sql.statement(ENABLE).with("id", callbackId).update();
  }
}
