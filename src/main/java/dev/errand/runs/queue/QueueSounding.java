package dev.errand.runs.queue;

import dev.errand.runs.queue.record.QueueDepth;
import jakarta.enterprise.context.ApplicationScoped;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.time.Duration;
import javax.sql.DataSource;

/** Sees how much there is in the queue, of all processes together. */
@ApplicationScoped
public class QueueSounding {
  // What has ended is in none of the indexes that this goes by.
  static final String DEPTH =
      """
      SELECT pending.runs, running.runs, pending.age_ms
      FROM
        (SELECT count(*) AS runs,
           coalesce(extract(epoch FROM now()
             - min(available_at) FILTER (WHERE available_at <= now())) * 1000, 0)::bigint AS age_ms
         FROM run WHERE status = 'pending') AS pending,
        (SELECT count(*) AS runs FROM run WHERE status = 'running') AS running
      """;

  private final DataSource database;

  QueueSounding(DataSource database) {
    this.database = database;
  }

  /** What there is now; it costs as much as there are runs that have not ended. */
  public QueueDepth sound() {
    return RunSql.with(
        database,
        connection -> {
          try (PreparedStatement select = connection.prepareStatement(DEPTH);
              ResultSet row = select.executeQuery()) {
            row.next();
            return new QueueDepth(
                row.getLong(1), row.getLong(2), Duration.ofMillis(row.getLong(3)));
          }
        });
  }
}
