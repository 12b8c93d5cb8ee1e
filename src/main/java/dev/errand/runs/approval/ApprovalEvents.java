package dev.errand.runs.approval;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.errand.base.json.Json;
import dev.errand.runs.event.EventKind;
import dev.errand.runs.event.TaskEvent;
import dev.errand.runs.event.TaskEvents;
import dev.errand.runs.task.ApprovalExpiry;
import io.quarkus.runtime.annotations.RegisterForReflection;
import jakarta.inject.Singleton;
import jakarta.persistence.Convert;
import java.time.Instant;
import java.util.List;
import java.util.UUID;

/**
 * Raises the events of tool calls that wait for a person. The arguments of a call are left out: a
 * model wrote them, and they may be anything.
 */
@Singleton
class ApprovalEvents {
  private final TaskEvents events;
  private final Json json;

  ApprovalEvents(TaskEvents events, Json json) {
    this.events = events;
    this.json = json;
  }

  /**
   * A question, without what the model wrote.
   *
   * @param run the name of the run
   * @param tool the tool's name, as the model called it
   * @param mayHaveRun whether the call was begun before, and its result is not known
   * @param expiry what happens at {@code expiresAt}
   */
  @RegisterForReflection
  record Question(
      UUID id,
      long runId,
      UUID taskId,
      String run,
      String tool,
      boolean mayHaveRun,
      Instant requestedAt,
      Instant expiresAt,
      @Convert(converter = ApprovalExpiry.Stored.class) ApprovalExpiry expiry) {}

  /** Tells of questions in the transaction that makes something happen to them. */
  void raise(EventKind kind, Instant at, List<Question> questions) {
    events.publish(
        questions.stream()
            .map(
                question ->
                    new TaskEvent(question.taskId(), question.runId(), kind, at, details(question)))
            .toList());
  }

  private ObjectNode details(Question question) {
    ObjectNode details =
        json.object()
            .put("run", question.run())
            .put(TaskEvent.APPROVAL, question.id().toString())
            .put("tool", question.tool());
    details.set("since", json.toTree(question.requestedAt()));
    details.set("expires_at", json.toTree(question.expiresAt()));
    details.put("on_expiry", question.expiry().code());
    return question.mayHaveRun() ? details.put("may_have_run", true) : details;
  }
}
