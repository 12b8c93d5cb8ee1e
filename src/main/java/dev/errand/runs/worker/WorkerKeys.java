package dev.errand.runs.worker;

import dev.errand.base.database.Sql;
import dev.errand.base.database.SqlStatement;
import dev.errand.base.secret.KeyHolders;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.List;

/**
 * The master keys of the processes that work through the queue, as {@link WorkerProcesses} stores
 * them.
 */
@ApplicationScoped
class WorkerKeys implements KeyHolders {
  // An older version does not store its keys.
  private static final String LACKING =
      """
      SELECT count(*) AS workers FROM worker_process
      WHERE seen_at >= %s AND NOT coalesce(master_keys, '{}') @> :keys::text[]
      """
          .formatted(WorkerProcesses.SINCE);

  // The first one seals new values.
  private static final String SEAL_OTHERWISE =
      """
      SELECT EXISTS (
        SELECT FROM worker_process
        WHERE seen_at >= %s AND master_keys[1] <> ALL (:known)) AS otherwise
      """
          .formatted(WorkerProcesses.SINCE);

  private final Sql sql;

  WorkerKeys(Sql sql) {
    this.sql = sql;
  }

  @Override
  public long lacking(List<String> keys) {
    return live(LACKING).with("keys", "text", keys).one(row -> row.number("workers"));
  }

  @Override
  public boolean sealOtherwise(List<String> known) {
    return live(SEAL_OTHERWISE).with("known", "text", known).one(row -> row.flag("otherwise"));
  }

  private SqlStatement live(String statement) {
    return sql.statement(statement).with("silence_ms", WorkerProcesses.LONGEST_SILENCE.toMillis());
  }
}
