package dev.errand.runs.history;

import dev.errand.models.port.RunError;
import java.util.Arrays;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * The failures of a task in a row, as statements read them: its runs that failed since its last
 * ready one, without those that somebody ended on purpose. The function {@code failures_in_a_row}
 * of the database counts them by the same rule.
 */
public final class FailuresInARow {
  /** The condition that a failed run counts. */
  public static final String COUNTS =
      Arrays.stream(RunError.values())
          .filter(RunError::isOnPurpose)
          .map(error -> "'" + error.code() + "'")
          .collect(Collectors.joining(", ", "error_code NOT IN (", ")"));

  private FailuresInARow() {}

  /**
   * A statement that reads them, in no order: {@code id}, {@code name}, {@code error_code}, {@code
   * error_message} and {@code finished_at}.
   *
   * @param task the id of the task, in SQL
   * @param upTo the id of the run up to which it reads, in SQL; null for the newest one
   * @param most how many failed runs it reads at most, with those that do not count
   */
  public static String of(String task, @Nullable String upTo, int most) {
    // The conditions on the id open the index of the runs of a task, the newest first.
    return """
        SELECT * FROM (
          SELECT id, name, error_code, error_message, finished_at FROM run AS failed
          WHERE failed.task_id = %1$s AND failed.status = 'error' AND failed.id > 0 %2$s
            AND -failed.id < coalesce((
              SELECT -ready.id FROM run AS ready
              WHERE ready.task_id = %1$s AND ready.status = 'ready' AND ready.id > 0 %3$s
              ORDER BY -ready.id LIMIT 1), 0)
          ORDER BY -failed.id LIMIT %4$d) AS newest
        WHERE %5$s
        """
        .formatted(
            task,
            upTo == null ? "" : "AND -failed.id >= -" + upTo,
            upTo == null ? "" : "AND -ready.id >= -" + upTo,
            most,
            COUNTS);
  }
}
