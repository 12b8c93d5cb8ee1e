package dev.errand.automation.schedule;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import javax.sql.DataSource;

/** Schedules by the thousand, put into the database itself. */
public final class ManySchedules {
  private ManySchedules() {}

  /** Deletes all schedules, since those that other tests left would be due, too. */
  public static void clear(DataSource database) throws SQLException {
    try (Connection connection = database.getConnection();
        PreparedStatement delete = connection.prepareStatement("DELETE FROM schedule")) {
      delete.executeUpdate();
    }
  }

  /** Adds hourly schedules of a task, with the same next time each. */
  public static void add(DataSource database, String task, int count, String next)
      throws SQLException {
    try (Connection connection = database.getConnection();
        PreparedStatement insert =
            connection.prepareStatement(
                """
                INSERT INTO schedule (id, task_id, name, cron, timezone, parameters, enabled, missed,
                  jitter_seconds, next_time, due_at, created_at, modified_at)
                SELECT gen_random_uuid(), task.id, 's' || to_char(?::timestamptz, 'YYYYMMDD') || number,
                  '@hourly', 'UTC', '{}', true, 'none', 0, ?::timestamptz, ?::timestamptz, now(), now()
                FROM task CROSS JOIN generate_series(1, ?) AS number
                WHERE task.name = ? AND deleted_at IS NULL
                """)) {
      insert.setString(1, next);
      insert.setString(2, next);
      insert.setString(3, next);
      insert.setInt(4, count);
      insert.setString(5, task);
      insert.executeUpdate();
    }
  }
}
