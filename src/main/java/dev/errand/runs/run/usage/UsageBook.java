package dev.errand.runs.run.usage;

import dev.errand.runs.queue.RunSql;
import jakarta.enterprise.context.ApplicationScoped;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.UUID;
import javax.sql.DataSource;

/**
 * What runs used, by task and by the day of their end. Each end leaves a tally, which a trigger of
 * the database writes; now and then tallies are added to their day, and who asks gets both.
 */
@ApplicationScoped
public class UsageBook {
  private static final int ADDED_AT_ONCE = 2000;
  private static final int MOST_BATCHES = 100;
  private static final Duration LONGEST = Duration.ofMinutes(1);
  private static final String TURN = "usage tallies";

  private final DataSource database;

  UsageBook(DataSource database) {
    this.database = database;
  }

  /**
   * What was used in some time.
   *
   * @param days by day; a day on which no run ended is not in it
   * @param tasks by task, by their names
   */
  public record Used(SortedMap<LocalDate, UsageSum> days, List<OfTask> tasks) {}

  /**
   * What one task used.
   *
   * @param name its name
   * @param deleted whether it was deleted; its name may be another task's now
   * @param used what it used
   */
  public record OfTask(String name, boolean deleted, UsageSum used) {}

  /** What the tasks of a profile used, from one day to another, both included and in UTC. */
  public Used ofProfile(UUID profileId, LocalDate from, LocalDate to) {
    return used(UsageStatements.OF_PROFILE, profileId, from, to);
  }

  /** What a task used, from one day to another, both included and in UTC. */
  public Used ofTask(UUID taskId, LocalDate from, LocalDate to) {
    return used(UsageStatements.OF_TASK, taskId, from, to);
  }

  /**
   * Adds tallies to their days, in batches and some of them at once. While another process does it,
   * nothing is done.
   *
   * @return how many tallies were added
   */
  public int addUp() {
    return addUp(LONGEST);
  }

  /**
   * Does the same for some time at most.
   *
   * @param most after this no further batch is begun
   */
  public int addUp(Duration most) {
    long end = System.nanoTime() + most.toNanos();
    int added = 0;
    for (int batch = 0; batch < MOST_BATCHES && System.nanoTime() < end; batch++) {
      int size = RunSql.inTurn(database, TURN, UsageBook::addSome, 0);
      added += size;
      if (size < ADDED_AT_ONCE) {
        break;
      }
    }
    return added;
  }

  private static int addSome(Connection connection) throws SQLException {
    try (PreparedStatement add = connection.prepareStatement(UsageStatements.ADD_UP)) {
      add.setInt(1, ADDED_AT_ONCE);
      try (ResultSet row = add.executeQuery()) {
        row.next();
        return row.getInt(1);
      }
    }
  }

  private Used used(String sql, UUID whose, LocalDate from, LocalDate to) {
    return RunSql.with(
        database,
        connection -> {
          try (PreparedStatement select = connection.prepareStatement(sql)) {
            for (int first : List.of(1, 4)) {
              select.setObject(first, whose);
              select.setObject(first + 1, from);
              select.setObject(first + 2, to);
            }
            SortedMap<LocalDate, UsageSum> days = new TreeMap<>();
            List<OfTask> tasks = new ArrayList<>();
            try (ResultSet rows = select.executeQuery()) {
              while (rows.next()) {
                LocalDate day = rows.getObject("day", LocalDate.class);
                if (day == null) {
                  tasks.add(
                      new OfTask(rows.getString("name"), rows.getBoolean("deleted"), sum(rows)));
                } else {
                  days.put(day, sum(rows));
                }
              }
            }
            return new Used(days, tasks);
          }
        });
  }

  private static UsageSum sum(ResultSet row) throws SQLException {
    return new UsageSum(
        row.getLong("runs_ready"),
        row.getLong("runs_error"),
        row.getLong("prompt_tokens"),
        row.getLong("completion_tokens"),
        row.getLong("cached_tokens"),
        row.getLong("reasoning_tokens"),
        row.getLong("total_tokens"),
        row.getLong("steps"),
        row.getLong("tool_calls"),
        row.getLong("model_ms"),
        row.getLong("tool_ms"),
        row.getBigDecimal("cost_usd"));
  }
}
