package dev.errand.automation.event;

import dev.errand.base.database.Sql;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.transaction.Transactional;
import java.util.List;

/** Stores events of tasks for those who asked to be told of them. */
@ApplicationScoped
public class TaskEvents {
  // The lock makes it wait for a callback that is just being removed.
  private static final String TO_CALLBACKS =
      """
      INSERT INTO callback_delivery (callback_id, run_id, event, happened_at, included)
      SELECT callback.id, given.run_id, given.event, given.at, given.details
      FROM unnest(:task_id::uuid[], :run_id::bigint[], :event::text[], :at::text[]::timestamptz[],
        :details::text[]) AS given (task_id, run_id, event, at, details)
      JOIN task_callback AS callback USING (task_id)
      WHERE callback.disabled_at IS NULL AND given.event = ANY (callback.events)
      FOR KEY SHARE OF callback
      """;

  // What a notice of the profile asks for; who is told is decided later.
  private static final String TO_NOTICES =
      """
      INSERT INTO notice_event (profile_id, task_id, run_id, event, happened_at, details)
      SELECT task.profile_id, task.id, given.run_id, given.event, given.at, given.details
      FROM unnest(:task_id::uuid[], :run_id::bigint[], :event::text[], :at::text[]::timestamptz[],
        :details::text[]) WITH ORDINALITY AS given (task_id, run_id, event, at, details, place)
      JOIN task ON task.id = given.task_id
      WHERE EXISTS (SELECT FROM notice WHERE notice.profile_id = task.profile_id AND notice.enabled
        AND given.event = ANY (notice.events))
      ORDER BY given.place
      """;

  private final Sql sql;

  TaskEvents(Sql sql) {
    this.sql = sql;
  }

  /** Stores events in the transaction that makes them happen, so that none is lost or invented. */
  @Transactional(Transactional.TxType.MANDATORY)
  public void publish(List<TaskEvent> events) {
    if (events.isEmpty()) {
      return;
    }
    store(TO_CALLBACKS, events);
    store(TO_NOTICES, events);
  }

  private void store(String statement, List<TaskEvent> events) {
    sql.statement(statement)
        .with("task_id", "uuid", events, TaskEvent::taskId)
        .with("run_id", "bigint", events, TaskEvent::runId)
        .with("event", "text", events, event -> event.type().code())
        .with("at", "text", events, TaskEvent::at)
        .with("details", "text", events, event -> event.details().toString())
        .update();
  }
}
