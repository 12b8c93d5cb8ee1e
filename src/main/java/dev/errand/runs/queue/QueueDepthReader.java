package dev.errand.runs.queue;

import dev.errand.base.database.Sql;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Duration;

/** Reads the depth of the queue from the database, over all processes. */
@ApplicationScoped
public class QueueDepthReader {
  private final Sql sql;

  QueueDepthReader(Sql sql) {
    this.sql = sql;
  }

  /** The depth now. The query reads every run that has not ended. */
  public QueueDepth read() {
    return sql.statement(RunStatements.DEPTH)
        .one(
            row ->
                new QueueDepth(
                    row.number("pending"),
                    row.number("running"),
                    Duration.ofMillis(row.number("age_ms")),
                    row.number("load")));
  }
}
