package dev.errand.runs.event;

import dev.errand.base.database.Sql;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.transaction.Transactional;
import java.util.List;

/** Keeps events of tasks for the callbacks and notices that asked to be told of them. */
@ApplicationScoped
public class TaskEvents {
  // The function keeps what triggers of the database raise, too.
  private static final String KEEP =
      """
      SELECT keep_event(task.profile_id, task.id, given.run_id, NULL, given.event, given.at,
        given.details)
      FROM unnest(:task_id::uuid[], :run_id::bigint[], :event::text[], :at::text[]::timestamptz[],
        :details::text[]) WITH ORDINALITY AS given (task_id, run_id, event, at, details, place)
      JOIN task ON task.id = given.task_id
      ORDER BY given.place
      """;

  private final Sql sql;

  TaskEvents(Sql sql) {
    this.sql = sql;
  }

  /** Keeps events in the transaction that makes them happen, so that none is lost or invented. */
  @Transactional(Transactional.TxType.MANDATORY)
  public void publish(List<TaskEvent> events) {
    if (events.isEmpty()) {
      return;
    }
    sql.statement(KEEP)
        .with("task_id", "uuid", events, TaskEvent::taskId)
        .with("run_id", "bigint", events, TaskEvent::runId)
        .with("event", "text", events, event -> event.kind().code())
        .with("at", "text", events, TaskEvent::at)
        .with("details", "text", events, event -> event.details().toString())
        .run();
  }
}
