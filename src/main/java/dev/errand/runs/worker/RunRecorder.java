package dev.errand.runs.worker;

import dev.errand.base.database.StorableText;
import dev.errand.base.limit.Reservation;
import dev.errand.models.message.Message;
import dev.errand.models.port.Approvals;
import dev.errand.models.port.ModelAsked;
import dev.errand.models.port.Outcome;
import dev.errand.models.port.RunError;
import dev.errand.models.port.RunListener;
import dev.errand.models.port.RunWarning;
import dev.errand.models.port.ToolCalled;
import dev.errand.models.port.Usage;
import dev.errand.models.port.WarningCode;
import dev.errand.runs.approval.ApprovalQuestions;
import dev.errand.runs.approval.RunApprovals;
import dev.errand.runs.budget.RunSpending;
import dev.errand.runs.entry.NewEntries;
import dev.errand.runs.entry.RunEntry;
import dev.errand.runs.entry.RunEntry.EndedRequest;
import dev.errand.runs.entry.RunEntryCodec;
import dev.errand.runs.history.RunJournal;
import dev.errand.runs.live.DeltaPublisher;
import dev.errand.runs.queue.Claim;
import dev.errand.runs.queue.RunEnd;
import dev.errand.runs.queue.RunStatus;
import dev.errand.runs.rate.RunPace;
import dev.errand.runs.task.TaskSettings;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Records every step of one claimed run; each write is fenced by the claim. */
final class RunRecorder implements RunListener, AutoCloseable {
  private static final NewEntries NONE = NewEntries.withoutWarnings(List.of());

  private final Claim claim;
  private final Holding holding;
  private final RunJournal journal;
  private final RunEntryCodec entries;
  private final DeltaPublisher deltas;
  private final ApprovalQuestions questions;
  private final RunSpending spending;
  private final RunPace pace;
  private final RunObserver.Attempt attempt;
  // Whether the published pieces of a message are void, because the model is asked for it again.
  private boolean stale;
  private @Nullable Reservation memory;
  private @Nullable String tools;
  private @Nullable RunApprovals approvals;

  RunRecorder(
      Claim claim,
      Holding holding,
      RunJournal journal,
      RunEntryCodec entries,
      DeltaPublisher deltas,
      ApprovalQuestions questions,
      RunSpending spending,
      RunPace pace,
      RunObserver.Attempt attempt) {
    this.claim = claim;
    this.attempt = attempt;
    this.holding = holding;
    this.journal = journal;
    this.entries = entries;
    this.deltas = deltas;
    this.questions = questions;
    this.spending = spending;
    this.pace = pace;
    this.stale = claim.attempt() > 1;
  }

  /**
   * Sets what the attempt works with.
   *
   * @param settings the task's settings that were fixed when the run started
   * @param address the address of the definitions of the tools that the model is offered; null for
   *     none
   */
  void begin(TaskSettings settings, @Nullable String address) {
    tools = address;
    approvals = questions.of(claim, journal, settings, address);
  }

  @Override
  public RunSpending spending() {
    return spending;
  }

  @Override
  public void reserves(Usage usage) {
    journal.reserve(entries.usage(usage));
  }

  @Override
  public RunPace pace() {
    return pace;
  }

  @Override
  public Approvals approvals() {
    return asking();
  }

  private RunApprovals asking() {
    return Objects.requireNonNull(approvals);
  }

  private EndedRequest asked(Usage.Step used) {
    return new EndedRequest(used.tookMs(), tools, used.isNothing() ? null : used);
  }

  @Override
  public boolean isHeld() {
    return holding.isHeld();
  }

  @Override
  public void assistantMessage(
      Message.Assistant message, Usage.Step used, Usage usage, List<RunWarning> warnings) {
    List<RunEntry> added = new ArrayList<>();
    added.add(new RunEntry.Answer(message, asked(used)));
    message.toolCalls().forEach(call -> added.add(new RunEntry.ToolCallRequested(call)));
    added.addAll(entries(warnings));
    append(added, usage);
    close();
  }

  @Override
  public void repair(
      Message.Assistant message,
      Usage.Step used,
      Message.User request,
      Usage usage,
      List<RunWarning> warnings) {
    List<RunEntry> added = new ArrayList<>();
    added.add(new RunEntry.Answer(message, asked(used)));
    added.add(new RunEntry.Repair(request));
    added.addAll(entries(warnings));
    append(added, usage);
    close();
  }

  @Override
  public void holds(Reservation taken) {
    close();
    memory = taken;
  }

  @Override
  public void toolResult(ToolEnd end, Usage usage, List<RunWarning> warnings) {
    List<RunEntry> added = new ArrayList<>();
    added.add(new RunEntry.ToolResult(end.result(), end.tool(), end.tookMs(), end.egress()));
    added.addAll(entries(warnings));
    if (end.decision() == null) {
      append(added, usage);
    } else {
      kept(asking().take(end.decision(), added, entries.usage(usage)));
    }
  }

  private void append(List<RunEntry> added, Usage usage) {
    NewEntries written = entries.write(added);
    journal.append(written, entries.usage(usage));
    kept(written);
  }

  private void kept(NewEntries written) {
    warned(written);
    holding.place().holds(written.stored().stream().mapToLong(String::length).sum());
  }

  private void warned(NewEntries written) {
    written.warnings().forEach(attempt::warned);
  }

  @Override
  public void warning(RunWarning warning, Usage usage) {
    stale = true;
    NewEntries written = entries.write(List.of(entry(warning)));
    journal.append(written, entries.usage(usage));
    warned(written);
  }

  @Override
  public void delta(String text) {
    if (stale) {
      deltas.restart(claim.runId());
      stale = false;
    }
    deltas.publish(claim.runId(), text);
  }

  @Override
  public void toolLog(String tool, int level, String line) {
    journal.append(entries.write(List.of(new RunEntry.LogLine(tool, level, line))), null);
  }

  @Override
  public void modelAsked(ModelAsked asked) {
    attempt.modelAsked(asked);
  }

  @Override
  public void toolCalled(ToolCalled called) {
    attempt.toolCalled(called);
  }

  @Override
  public boolean goesOn() {
    return holding.budget().goesOn();
  }

  @Override
  public boolean pause(Duration time) throws InterruptedException {
    return holding.budget().pause(time);
  }

  @Override
  public void waitsForModel() {
    holding.idle();
  }

  @Override
  public boolean awaitPlace() throws InterruptedException {
    return holding.place().resume(holding.budget());
  }

  /** Releases the memory that was reserved for an answer. */
  @Override
  public void close() {
    if (memory != null) {
      memory.close();
      memory = null;
    }
  }

  /** Writes the outcome of the attempt: the run's end, or its return to the queue. */
  void end(Outcome outcome) {
    switch (outcome) {
      case Outcome.Ready ready -> {
        finish(
            entries.write(entries(ready.warnings())),
            new RunEnd(
                RunStatus.READY,
                entries.usage(ready.usage()),
                StorableText.of(ready.lastMessage().output()),
                ready.hasResult(),
                ready.finishReason(),
                null,
                null,
                entries.write(
                    new RunEntry.FinalMessage(ready.lastMessage(), asked(ready.used())))));
        attempt.ended(RunObserver.End.READY, null);
      }
      case Outcome.Failed failed -> {
        EndedRequest asked = failed.used() == null ? null : asked(failed.used());
        Message.Assistant answer = failed.answer();
        fail(
            failed.failure(),
            failed.sentence(),
            entries.usage(failed.usage()),
            answer == null ? asked : null,
            answer == null ? NONE : answered(answer, asked, failed.warnings()));
      }
      case Outcome.HandedOver _ -> {
        journal.release();
        attempt.ended(RunObserver.End.HANDED_BACK, null);
      }
      case Outcome.Waits waits -> {
        asking().await(entries.usage(waits.usage()));
        attempt.ended(RunObserver.End.POSTPONED, null);
      }
      case Outcome.WaitsForBudget waits -> {
        journal.awaitBudget(waits.budget(), entries.usage(waits.usage()));
        attempt.ended(RunObserver.End.POSTPONED, null);
      }
      case Outcome.WaitsForRate waits -> {
        journal.awaitRate(waits.until(), entries.usage(waits.usage()));
        attempt.ended(RunObserver.End.POSTPONED, null);
      }
      case Outcome.Postponed later -> {
        postpone(later.delay(), entry(later.warning()), entries.usage(later.usage()));
      }
    }
  }

  private NewEntries answered(
      Message.Assistant answer, @Nullable EndedRequest asked, List<RunWarning> warnings) {
    List<RunEntry> added = new ArrayList<>();
    added.add(new RunEntry.Answer(answer, asked));
    added.addAll(entries(warnings));
    return entries.write(added);
  }

  /**
   * Returns the run to the queue, for a later time and another worker; its usage stays.
   *
   * @param error the error with which the run would end if no worker could continue it
   */
  void giveBack(Duration delay, RunError error, String sentence) {
    postpone(delay, new RunEntry.Warning(error.code(), sentence), claim.usage());
  }

  private void postpone(Duration delay, RunEntry last, String usage) {
    NewEntries written = entries.write(List.of(last));
    journal.postpone(delay, written, usage);
    warned(written);
    attempt.ended(RunObserver.End.POSTPONED, null);
  }

  private void finish(NewEntries before, RunEnd end) {
    journal.finish(before, end);
    warned(before);
  }

  /**
   * Returns the run to the queue for a later try.
   *
   * @param sentence why, and when that is
   */
  void putOff(Duration delay, String sentence, Usage usage) {
    NewEntries last =
        entries.write(List.of(new RunEntry.Warning(WarningCode.RETRY_LATER.code(), sentence)));
    journal.putOff(delay, last, entries.usage(usage));
    warned(last);
    attempt.ended(RunObserver.End.POSTPONED, null);
  }

  /** Ends the run as failed, for a reason outside the tool loop; its usage stays. */
  void fail(RunError error, String sentence) {
    fail(error, sentence, null, null, NONE);
  }

  private void fail(
      RunError error,
      String sentence,
      @Nullable String usage,
      @Nullable EndedRequest asked,
      NewEntries before) {
    finish(
        before,
        new RunEnd(
            RunStatus.ERROR,
            usage,
            null,
            false,
            null,
            error,
            StorableText.of(sentence),
            entries.write(new RunEntry.Failure(error.code(), sentence, asked))));
    attempt.ended(RunObserver.End.ERROR, error.code());
  }

  private List<RunEntry> entries(List<RunWarning> warnings) {
    return warnings.stream().map(this::entry).toList();
  }

  private RunEntry entry(RunWarning warning) {
    return switch (warning) {
      case RunWarning.FailedAttempt failed ->
          new RunEntry.FailedTry(
              failed.about().code(), failed.sentence(), failed.number(), asked(failed.used()));
      case RunWarning.NearLimit nearing ->
          new RunEntry.Warning(nearing.about().code(), nearing.sentence());
      case RunWarning.Noted noted -> new RunEntry.Warning(noted.code().code(), noted.sentence());
    };
  }
}
