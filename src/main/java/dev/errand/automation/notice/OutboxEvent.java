package dev.errand.automation.notice;

import dev.errand.base.database.Row;
import dev.errand.base.json.Coded;
import dev.errand.runs.event.EventKind;
import io.quarkus.runtime.annotations.RegisterForReflection;
import jakarta.persistence.Column;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * Something that happened, read from the outbox, and what messages say of it.
 *
 * @param kind what happened: {@link EventKind#RUN_ERROR} and {@link EventKind#RUN_READY} stand for
 *     all that notices tell of ended runs
 * @param zone the time zone of the task's schedules; null where they have several, or there is none
 * @param profile its owner and name
 * @param task the name of the task; null for what concerns none
 * @param failing the failures in a row of which it is the last; of what is no failure, none
 * @param details a JSON object; null for none
 * @param budget the name of the budget that it is about; null for none
 * @param runId the run that it concerns; null for none
 * @param run that run where it has ended; null for none
 */
record OutboxEvent(
    EventKind kind,
    Instant at,
    @Nullable String zone,
    UUID profileId,
    Slug profile,
    @Nullable UUID taskId,
    @Nullable String task,
    @Nullable String installation,
    Failures failing,
    @Nullable String details,
    @Nullable String budget,
    @Nullable Long runId,
    @Nullable EndedRun run) {
  /**
   * The type of a ready run whose answer a notice tells. It is another one than that of {@link
   * EventKind#RUN_READY}, so that a process of the version before, which tells no answers, leaves
   * it alone.
   */
  static final String ANSWER = "run.answer";

  /** The owner and the name of a profile. */
  @RegisterForReflection
  record Slug(@Column(name = "username") String user, @Column(name = "profile") String name) {
    @Override
    public String toString() {
      return user + "/" + name;
    }
  }

  /**
   * Failures in a row.
   *
   * @param number how many there are, as far as these are counted
   * @param since when the first of these ended
   */
  record Failures(int number, Instant since) {}

  /** A run that has ended. */
  record EndedRun(
      long id,
      String name,
      @Nullable String errorCode,
      @Nullable String errorMessage,
      List<String> warnings) {}

  /** Reads one; null where what it is about is gone. */
  static @Nullable OutboxEvent of(Row row) {
    UUID taskId = row.idOrNull("task_id");
    String task = row.textOrNull("task");
    String user = row.textOrNull("username");
    Long runId = row.numberOrNull("run_id");
    String run = row.textOrNull("run");
    if (user == null || (taskId != null && task == null) || (runId != null && run == null)) {
      return null;
    }
    String event = row.text("event");
    EventKind kind = event.equals(ANSWER) ? EventKind.RUN_READY : Coded.of(EventKind.class, event);
    Instant at = row.time("happened_at");
    Instant since = row.timeOrNull("failing_since");
    return new OutboxEvent(
        kind,
        at,
        row.textOrNull("zone"),
        row.id("profile_id"),
        new Slug(user, row.text("profile")),
        taskId,
        task,
        row.textOrNull("installation"),
        new Failures(row.integer("failures"), since == null ? at : since),
        row.textOrNull("details"),
        row.textOrNull("budget"),
        runId,
        runId == null || run == null || !isEnd(kind)
            ? null
            : new EndedRun(
                runId,
                run,
                row.textOrNull("error_code"),
                row.textOrNull("error_message"),
                row.texts("warnings")));
  }

  private static boolean isEnd(EventKind kind) {
    return EventKind.Source.RUN.raises(kind.code()) && kind != EventKind.RUN_RETRYING;
  }

  /** The run that has ended, of an event that concerns one. */
  EndedRun ended() {
    return Objects.requireNonNull(run, kind::code);
  }

  /** What it is about, in a list of several. */
  String subject() {
    if (budget != null) {
      // No task is called so.
      return "budget " + budget;
    }
    String subject = task == null ? installation : task;
    return subject == null ? "" : subject;
  }
}
