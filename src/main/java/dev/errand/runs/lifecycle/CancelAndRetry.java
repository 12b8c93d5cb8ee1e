package dev.errand.runs.lifecycle;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.errand.base.error.ApiException;
import dev.errand.base.error.ErrorCode;
import dev.errand.base.json.Json;
import dev.errand.base.limit.FittingItems;
import dev.errand.identity.account.Caller;
import dev.errand.identity.audit.Audit;
import dev.errand.identity.audit.AuditAction;
import dev.errand.models.port.ModelSettings;
import dev.errand.models.port.RunError;
import dev.errand.runs.entry.RunEntry;
import dev.errand.runs.entry.RunEntryCodec;
import dev.errand.runs.history.RunArchive;
import dev.errand.runs.history.RunReader;
import dev.errand.runs.queue.Enqueued;
import dev.errand.runs.queue.QueueBound;
import dev.errand.runs.queue.Run;
import dev.errand.runs.queue.RunControl;
import dev.errand.runs.queue.RunEnd;
import dev.errand.runs.queue.RunStatus;
import dev.errand.runs.task.AssignedTask;
import dev.errand.runs.task.TaskPreparations;
import dev.errand.runs.task.TaskSnapshot;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.transaction.Transactional;
import java.util.Map;
import java.util.Objects;

/** Cancels live runs, and retries failed ones: each continues from its last entry. */
@ApplicationScoped
class CancelAndRetry {
  // The settings of the run, and those of its retry.
  private static final int TREES = 2;

  private final TaskPreparations tasks;
  private final RunControl control;
  private final QueueBound bound;
  private final RunArchive archive;
  private final RunReader reader;
  private final FittingItems memory;
  private final RunEntryCodec entries;
  private final Json json;
  private final Audit audit;

  CancelAndRetry(
      TaskPreparations tasks,
      RunControl control,
      QueueBound bound,
      RunArchive archive,
      RunReader reader,
      FittingItems memory,
      RunEntryCodec entries,
      Json json,
      Audit audit) {
    this.tasks = tasks;
    this.control = control;
    this.bound = bound;
    this.archive = archive;
    this.reader = reader;
    this.memory = memory;
    this.entries = entries;
    this.json = json;
    this.audit = audit;
  }

  /**
   * Cancels a run, which keeps its entries; a run that has ended stays as it is.
   *
   * @throws ApiException {@link ErrorCode#RUN_NOT_FOUND} or {@link ErrorCode#RUN_GONE}
   */
  @Transactional
  void cancel(Caller caller, TaskSnapshot task, String name) {
    Run before = archive.require(task, name);
    if (!before.status().isEnd()) {
      String why = "The run was cancelled by " + caller.username() + ".";
      control.end(task.id(), name, RunEnd.failed(entries, RunError.CANCELLED, why));
    }
    Run after = archive.require(task, name);
    audit.record(
        caller,
        AuditAction.RUN_CANCELLED,
        path(task, after),
        shown(before.status()),
        shown(after.status()));
  }

  /**
   * Continues a run from its last entry, within its task's present bounds. Its time limit starts
   * again; its usage still counts.
   *
   * @throws ApiException when it does not exist, has not ended, is ready, or can't be started now;
   *     nothing has changed then
   */
  void retry(Caller caller, TaskSnapshot task, String name) {
    checkEnded(archive.require(task, name));
    RunStarter.checkOpen(task);
    Run run =
        reader
            .withParameters(caller.username(), task, name)
            .orElseThrow(() -> RunArchive.notFound(task, name));
    memory.hold(caller.username(), TREES * archive.sizeOfAssignment(run.id()));
    AssignedTask before =
        json.read(
            control.assignment(run.id()).orElseThrow(() -> removed(task, run)), AssignedTask.class);
    AssignedTask assigned =
        tasks.reassign(caller, task, before, json.read(run.parameters(), ObjectNode.class));
    boolean isAnew = isOtherModel(before.model(), assigned.model());
    Enqueued enqueued =
        control.retry(
            task.profile().id(),
            task.id(),
            run.id(),
            json.write(assigned),
            assigned.settings().isAlone(),
            entries.write(new RunEntry.Retried(isAnew)),
            () ->
                audit.record(
                    caller,
                    AuditAction.RUN_RETRIED,
                    path(task, run),
                    shown(run.status()),
                    shown(RunStatus.PENDING)));
    if (enqueued == Enqueued.FULL) {
      throw bound.refusal();
    }
    if (enqueued == Enqueued.REFUSED) {
      // Either another caller has already retried this run, or another run is live.
      checkEnded(archive.find(task.id(), name).orElseThrow(() -> removed(task, run)));
      throw RunStarter.overlaps(task);
    }
  }

  /** Whether a model would take an earlier conversation for one that it had no part in. */
  private static boolean isOtherModel(ModelSettings before, ModelSettings now) {
    return !now.runner().equals(before.runner())
        || !Objects.equals(now.model(), before.model())
        || !Objects.equals(now.system(), before.system())
        || !Objects.equals(now.baseUrl(), before.baseUrl());
  }

  private static ApiException removed(TaskSnapshot task, Run run) {
    return new ApiException(
        ErrorCode.RUN_NOT_FOUND,
        "The run %s of the task %s was deleted meanwhile.".formatted(run.name(), task.name()));
  }

  private static void checkEnded(Run run) {
    switch (run.status()) {
      case PENDING, RUNNING ->
          throw new ApiException(
              ErrorCode.RUN_NOT_ENDED,
              "The run "
                  + run.name()
                  + " has not ended: only a run that ended as error can be retried.");
      case READY ->
          throw new ApiException(
              ErrorCode.RUN_READY,
              "The run " + run.name() + " is done: start a run with another name to repeat it.");
      case ERROR -> {}
    }
  }

  private static String path(TaskSnapshot task, Run run) {
    return task.path() + "/runs/" + run.name();
  }

  /** A run's values in the audit. */
  private static Map<String, String> shown(RunStatus status) {
    return Map.of("status", status.code());
  }
}
