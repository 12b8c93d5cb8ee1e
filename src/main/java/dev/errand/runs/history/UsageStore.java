package dev.errand.runs.history;

import dev.errand.base.database.Row;
import dev.errand.base.database.Sql;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Duration;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.UUID;

/**
 * Stores the usage of runs by task and by the day of their end. A database trigger writes a tally
 * for each end of a run; tallies are added to their day periodically, and queries read both.
 */
@ApplicationScoped
public class UsageStore {
  private static final int ADDED_AT_ONCE = 2000;
  private static final int MOST_BATCHES = 100;
  private static final Duration LONGEST = Duration.ofMinutes(1);
  private static final String TURN = "usage tallies";

  private final Sql sql;

  UsageStore(Sql sql) {
    this.sql = sql;
  }

  /**
   * The usage in a span of days.
   *
   * @param days the usage by day; days on which no run ended are left out
   * @param tasks the usage by task, sorted by name
   */
  public record Used(SortedMap<LocalDate, UsageSum> days, List<OfTask> tasks) {}

  /**
   * The usage of one task.
   *
   * @param deleted whether it was deleted; its name may be another task's now
   */
  public record OfTask(String name, boolean deleted, UsageSum used) {}

  /** The usage of a profile's tasks between two days in UTC, both included. */
  public Used ofProfile(UUID profileId, LocalDate from, LocalDate to) {
    return used(UsageStatements.OF_PROFILE, profileId, from, to);
  }

  /** The usage of a task between two days in UTC, both included. */
  public Used ofTask(UUID taskId, LocalDate from, LocalDate to) {
    return used(UsageStatements.OF_TASK, taskId, from, to);
  }

  /** The usage of a profile's tasks by day, the first day first. */
  public List<UsageLine> linesOfProfile(UUID profileId, LocalDate from, LocalDate to) {
    return lines(UsageStatements.LINES_OF_PROFILE, profileId, from, to);
  }

  /** The usage of a task by day, the first day first. */
  public List<UsageLine> linesOfTask(UUID taskId, LocalDate from, LocalDate to) {
    return lines(UsageStatements.LINES_OF_TASK, taskId, from, to);
  }

  private List<UsageLine> lines(String statement, UUID owner, LocalDate from, LocalDate to) {
    return sql.statement(statement)
        .with("owner", owner)
        .with("from", from)
        .with("to", to)
        .list(
            row ->
                new UsageLine(
                    Objects.requireNonNull(row.dayOrNull("day")),
                    row.text("name"),
                    row.flag("deleted"),
                    sum(row)));
  }

  /**
   * Adds tallies to their days, in batches. Does nothing while another process does it.
   *
   * @return how many tallies were added
   */
  public int addUp() {
    return addUp(LONGEST);
  }

  /**
   * Adds tallies to their days, within a time limit.
   *
   * @param most when no further batch begins
   */
  public int addUp(Duration most) {
    long end = System.nanoTime() + most.toNanos();
    int added = 0;
    for (int batch = 0; batch < MOST_BATCHES && System.nanoTime() < end; batch++) {
      int size = sql.inTurn(TURN, UsageStore::addSome, 0);
      added += size;
      if (size < ADDED_AT_ONCE) {
        break;
      }
    }
    return added;
  }

  private static int addSome(Sql own) {
    return own.statement(UsageStatements.ADD_UP)
        .with("most", ADDED_AT_ONCE)
        .one(row -> row.integer("added"));
  }

  private Used used(String statement, UUID owner, LocalDate from, LocalDate to) {
    SortedMap<LocalDate, UsageSum> days = new TreeMap<>();
    List<OfTask> tasks = new ArrayList<>();
    sql.statement(statement)
        .with("owner", owner)
        .with("from", from)
        .with("to", to)
        .each(
            row -> {
              LocalDate day = row.dayOrNull("day");
              if (day == null) {
                tasks.add(new OfTask(row.text("name"), row.flag("deleted"), sum(row)));
              } else {
                days.put(day, sum(row));
              }
            });
    return new Used(days, tasks);
  }

  private static UsageSum sum(Row row) {
    return new UsageSum(
        row.number("runs_ready"),
        row.number("runs_error"),
        row.number("prompt_tokens"),
        row.number("completion_tokens"),
        row.number("cached_tokens"),
        row.number("reasoning_tokens"),
        row.number("total_tokens"),
        row.number("steps"),
        row.number("tool_calls"),
        row.number("model_ms"),
        row.number("tool_ms"),
        row.decimalOrNull("cost_usd"));
  }
}
