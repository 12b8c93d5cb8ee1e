package dev.errand.runs.queue;

import dev.errand.base.database.Sql;
import dev.errand.base.database.SqlStatement;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

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
    return room.allowance()
        .in(sql.statement(WriteStatements.ENQUEUE))
        .with("slots", slots)
        .with("room", room.allowance().most())
        .with("spare", room.spare())
        .with("lease_ms", room.lease().toMillis())
        .with("task_id", "uuid", each(runs, NewRun::taskId))
        .with("profile_id", "uuid", each(runs, NewRun::profileId))
        .with("name", "text", each(runs, NewRun::name))
        .with("parameters", "text", each(runs, NewRun::parameters))
        .with("assignment", "text", each(runs, NewRun::assignment))
        .with("trigger", "text", each(runs, NewRun::trigger))
        .with("depth", "integer", each(runs, NewRun::depth))
        .with("alone", "boolean", each(runs, NewRun::alone))
        .with("scheduled_at", "text", each(runs, run -> text(run.scheduledAt())))
        .with("entry", "text", each(runs, NewRun::firstEntry))
        .with("traceparent", "text", each(runs, NewRun::traceparent));
  }

  static SqlStatement appends(Sql sql, List<RunWrite.Append> appends) {
    Entries entries = new Entries();
    appends.forEach(append -> entries.add(append.claim, append.entries));
    return entries
        .bind("append", sql.statement(WriteStatements.APPEND))
        .with("append_ids", "bigint", each(appends, append -> append.claim.runId()))
        .with("append_attempts", "int", each(appends, append -> append.claim.attempt()))
        .with("append_after", "int", each(appends, append -> append.after))
        .with("append_counts", "int", each(appends, append -> append.entries.size()))
        .with("append_usages", "text", each(appends, append -> append.usage));
  }

  static SqlStatement finishes(Sql sql, List<RunWrite.Finish> finishes) {
    Entries entries = new Entries();
    finishes.forEach(finish -> entries.add(finish.claim, finish.entries));
    return entries
        .bind("finish", sql.statement(WriteStatements.FINISH))
        .with("finish_ids", "bigint", each(finishes, finish -> finish.claim.runId()))
        .with("finish_attempts", "int", each(finishes, finish -> finish.claim.attempt()))
        .with("finish_counts", "int", each(finishes, finish -> finish.entries.size()))
        .with("finish_statuses", "text", each(finishes, finish -> finish.end.status().code()))
        .with("finish_usages", "text", each(finishes, finish -> finish.end.usage()))
        .with("finish_outputs", "text", each(finishes, finish -> finish.end.output()))
        .with("finish_reasons", "text", each(finishes, finish -> finish.end.finishReason()))
        .with("finish_codes", "text", each(finishes, finish -> finish.end.errorCode()))
        .with("finish_messages", "text", each(finishes, finish -> finish.end.errorMessage()));
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

  private static @Nullable String text(@Nullable Instant time) {
    return time == null ? null : time.toString();
  }

  private static <T> List<@Nullable Object> each(List<T> writes, Function<T, @Nullable Object> of) {
    List<@Nullable Object> all = new ArrayList<>(writes.size());
    writes.forEach(write -> all.add(of.apply(write)));
    return all;
  }
}
