package dev.errand.runs.task;

import dev.errand.base.database.Sql;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.UUID;

/** Switches callbacks of tasks off and on, and removes those that nothing is sent to any more. */
@ApplicationScoped
public class CallbackSwitch {
  private static final String DISABLE =
      """
      UPDATE task_callback SET disabled_at = now(), modified_at = now()
      WHERE id = :id AND disabled_at IS NULL
      """;

  private static final String ENABLE =
      """
      UPDATE task_callback SET disabled_at = NULL, modified_at = now()
      WHERE id = :id AND disabled_at IS NOT NULL
      """;

  private static final String FORGET =
      """
      DELETE FROM task_callback c USING task
      WHERE task.id = c.task_id AND task.deleted_at IS NOT NULL
        AND NOT EXISTS (SELECT FROM callback_delivery d
          WHERE d.callback_id = c.id AND d.state = 'pending')
      """;

  private final Sql sql;

  CallbackSwitch(Sql sql) {
    this.sql = sql;
  }

  /** Disables a callback. */
  public void disable(UUID callbackId) {
    sql.statement(DISABLE).with("id", callbackId).update();
  }

  /** Enables a callback for events from now on. */
  public void enable(UUID callbackId) {
    sql.statement(ENABLE).with("id", callbackId).update();
  }

  /** Removes the callbacks of deleted tasks, whose last deliveries are sent before. */
  public void forget() {
    sql.statement(FORGET).update();
  }
}
