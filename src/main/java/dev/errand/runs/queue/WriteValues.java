package dev.errand.runs.queue;

import dev.errand.base.database.Sql;
import dev.errand.base.database.SqlStatement;
import java.util.ArrayList;
import java.util.List;

/** Binds writes to their statements: an array for each field. */
public final class WriteValues {
  private WriteValues() {}

  /** The statement that adds runs to the queue, all of which wait for slots of their tasks. */
  public static SqlStatement waiting(Sql sql, List<NewRun> runs) {
    return enqueue(sql, runs, false, RunCapacity.NONE);
  }

  /**
   * The statement that adds runs to the queue and gives them the free slots of their tasks, which
   * are locked.
   */
  static SqlStatement enqueue(Sql sql, List<NewRun> runs, RunCapacity.Reserved room) {
    return enqueue(sql, runs, true, room);
  }

  private static SqlStatement enqueue(
      Sql sql, List<NewRun> runs, boolean slots, RunCapacity.Reserved room) {
    return room.in(sql.statement(WriteStatements.ENQUEUE))
        .with("slots", slots)
        .withAll(NewRun.class, runs);
  }

  static SqlStatement appends(Sql sql, List<RunWrite.Append> appends) {
    Entries entries = new Entries();
    appends.forEach(append -> entries.add(append.claim, append.entries.stored()));
    return entries
        .bind("append", sql.statement(WriteStatements.APPEND))
        .with("append_ids", "bigint", appends, append -> append.claim.runId())
        .with("append_attempts", "int", appends, append -> append.claim.attempt())
        .with("append_after", "int", appends, append -> append.after)
        .with("append_counts", "int", appends, append -> append.entries.stored().size())
        .with("append_usages", "text", appends, append -> append.usage)
        .with("append_warnings", "text", appends, append -> append.entries.warned());
  }

  static SqlStatement finishes(Sql sql, List<RunWrite.Finish> finishes) {
    Entries entries = new Entries();
    finishes.forEach(finish -> entries.add(finish.claim, finish.entries.stored()));
    return entries
        .bind("finish", sql.statement(WriteStatements.FINISH))
        .with("finish_ids", "bigint", finishes, finish -> finish.claim.runId())
        .with("finish_attempts", "int", finishes, finish -> finish.claim.attempt())
        .with("finish_counts", "int", finishes, finish -> finish.entries.stored().size())
        .with("finish_statuses", "text", finishes, finish -> finish.end.status().code())
        .with("finish_usages", "text", finishes, finish -> finish.end.usage())
        .with("finish_results", "boolean", finishes, finish -> finish.end.hasResult())
        .with("finish_outputs", "text", finishes, finish -> finish.end.output())
        .with("finish_reasons", "text", finishes, finish -> finish.end.finishReason())
        .with("finish_codes", "text", finishes, finish -> finish.end.errorCode())
        .with("finish_messages", "text", finishes, finish -> finish.end.errorMessage())
        .with("finish_warnings", "text", finishes, finish -> finish.entries.warned());
  }

  /** The entries of several runs, with the attempt that writes each and its number in the write. */
  private static final class Entries {
    private final List<Long> ids = new ArrayList<>();
    private final List<Integer> attempts = new ArrayList<>();
    private final List<Integer> numbers = new ArrayList<>();
    private final List<String> entries = new ArrayList<>();

    void add(Claim claim, List<String> of) {
      for (int i = 0; i < of.size(); i++) {
        ids.add(claim.runId());
        attempts.add(claim.attempt());
        numbers.add(i);
        entries.add(of.get(i));
      }
    }

    SqlStatement bind(String prefix, SqlStatement statement) {
      return statement
          .with(prefix + "_entry_ids", "bigint", ids)
          .with(prefix + "_entry_attempts", "int", attempts)
          .with(prefix + "_entry_numbers", "int", numbers)
          .with(prefix + "_entries", "text", entries);
    }
  }
}
