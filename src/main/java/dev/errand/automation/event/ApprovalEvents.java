package dev.errand.automation.event;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.errand.base.json.Json;
import dev.errand.runs.approval.ApprovalChanged;
import dev.errand.runs.approval.ApprovalChanged.Question;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;

/**
 * Tells of tool calls that wait for a person. The arguments of a call are left out: a model wrote
 * them, and they may be anything.
 */
@ApplicationScoped
class ApprovalEvents {
  private final TaskEvents events;
  private final Json json;

  ApprovalEvents(TaskEvents events, Json json) {
    this.events = events;
    this.json = json;
  }

  void changed(@Observes ApprovalChanged changed) {
    TaskEvent.Type type =
        switch (changed.kind()) {
          case REQUESTED -> TaskEvent.Type.APPROVAL_REQUESTED;
          case EXPIRING -> TaskEvent.Type.APPROVAL_EXPIRING;
          case EXPIRED -> TaskEvent.Type.APPROVAL_EXPIRED;
        };
    events.publish(
        changed.questions().stream()
            .map(
                question ->
                    new TaskEvent(
                        question.taskId(), question.runId(), type, changed.at(), details(question)))
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
