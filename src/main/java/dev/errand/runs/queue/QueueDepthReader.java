package dev.errand.runs.queue;

import dev.errand.base.database.Sql;
import dev.errand.runs.queue.record.QueueDepth;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Duration;

/** Sees how much there is in the queue, of all processes together. */
@ApplicationScoped
public class QueueDepthReader {
  private final Sql sql;

  QueueDepthReader(Sql sql) {
    this.sql = sql;
  }

  /** What there is now; it costs as much as there are runs that have not ended. */
  public QueueDepth sound() {
    return sql.statement(RunStatements.DEPTH)
        .one(
            row ->
                new QueueDepth(
                    row.number("pending"),
                    row.number("running"),
                    Duration.ofMillis(row.number("age_ms"))));
  }
}
