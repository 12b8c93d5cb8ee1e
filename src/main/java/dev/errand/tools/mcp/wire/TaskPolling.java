package dev.errand.tools.mcp.wire;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.errand.base.json.Json;
import dev.errand.base.json.WellFormed;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Duration;
import java.util.Map;

/**
 * Waits for the tasks that servers make of calls: asks for their state until they end, and cancels
 * those that take longer than the call may. In 2025-11-25, a task's result is a request of its own;
 * in 2026-07-28, the state of an ended task has it.
 */
@ApplicationScoped
class TaskPolling {
  private static final int LONGEST_ID = 4096;
  private static final int LONGEST_MESSAGE = 1000;
  private static final int MOST_FAILURES = 3;
  private static final long USUAL_INTERVAL_MS = 1000;
  // Each time is a request that the run keeps.
  private static final long SHORTEST_INTERVAL_MS = 500;

  private final McpRequests requests;
  private final Json json;

  TaskPolling(McpRequests requests, Json json) {
    this.requests = requests;
    this.json = json;
  }

  /** The result of a task, as that of a call. */
  record Ended(JsonNode result, long bytes) {}

  /**
   * Waits for the result of a task.
   *
   * @param created the task as the call was answered with it
   * @throws McpException when there is none; the kind is never one after which the call may be
   *     repeated as if the server had not begun it
   */
  Ended await(McpEndpoint endpoint, String revision, JsonNode created, McpLimits limits)
      throws McpException, InterruptedException {
    String id = created.path("taskId").asText("");
    if (id.isBlank() || id.length() > LONGEST_ID) {
      throw new McpException(McpFailure.UNUSABLE, endpoint.place() + " made a task without an id.");
    }
    Task task = new Task(endpoint, revision, id, limits);
    try {
      return follow(task, created);
    } catch (InterruptedException e) {
      cancel(task);
      throw e;
    } catch (McpException e) {
      if (e.kind() == McpFailure.BROKEN) {
        cancel(task);
      }
      throw e;
    }
  }

  private record Task(McpEndpoint endpoint, String revision, String id, McpLimits limits) {
    boolean isModern() {
      return McpMessages.isModern(revision);
    }

    Map<String, String> fields() {
      return isModern() ? Map.of("Mcp-Name", FieldValue.of(id)) : Map.of();
    }
  }

  private Ended follow(Task task, JsonNode created) throws McpException, InterruptedException {
    JsonNode now = created;
    while (true) {
      if (now.path("status").asText("").equals("working")) {
        pause(task, now);
      }
      // Of the states before, nothing is needed any more.
      task.limits.memory().release();
      McpReply reply = state(task);
      now = reply.message().path("result");
      switch (now.path("status").asText("")) {
        case "working" -> {}
        case "completed" -> {
          return task.isModern() ? new Ended(now.path("result"), reply.bytes()) : result(task);
        }
        case "failed" -> {
          if (task.isModern()) {
            throw failed(task, now.path("error").path("message").asText(""));
          }
          return result(task);
        }
        case "input_required" -> {
          if (task.isModern()) {
            // Nobody is there to give it.
            cancel(task);
            ObjectNode lacking = json.object().put("resultType", "input_required");
            lacking.set("inputRequests", now.path("inputRequests"));
            return new Ended(lacking, reply.bytes());
          }
          // With the request for the result, the server sends its own, which are refused.
          return result(task);
        }
        case "cancelled" -> throw failed(task, "it was cancelled there");
        default ->
            throw new McpException(
                McpFailure.UNUSABLE, task.endpoint.place() + " says nothing readable of its task.");
      }
    }
  }

  private static void pause(Task task, JsonNode now) throws McpException, InterruptedException {
    JsonNode wanted = now.path(task.isModern() ? "pollIntervalMs" : "pollInterval");
    long asked = wanted.isNumber() ? wanted.longValue() : USUAL_INTERVAL_MS;
    long interval = Math.max(asked, SHORTEST_INTERVAL_MS);
    long left = task.limits.left().toMillis();
    Thread.sleep(Duration.ofMillis(Math.min(interval, left)));
    if (interval >= left) {
      throw new McpException(
          McpFailure.BROKEN,
          task.endpoint.place() + " did not end its task in time, and was told to cancel it.");
    }
  }

  private McpReply state(Task task) throws McpException, InterruptedException {
    for (int failures = 1; ; failures++) {
      try {
        return answered(task, "tasks/get");
      } catch (McpException e) {
        boolean mayPass =
            switch (e.kind()) {
              case UNREACHED, BUSY, BROKEN -> !task.limits.isOver();
              case REFUSED, UNAUTHORIZED, UNUSABLE, ERROR -> false;
            };
        if (!mayPass || failures == MOST_FAILURES) {
          throw begun(e);
        }
        Thread.sleep(Duration.ofMillis(SHORTEST_INTERVAL_MS));
      }
    }
  }

  private Ended result(Task task) throws McpException, InterruptedException {
    try {
      McpReply reply = answered(task, "tasks/result");
      return new Ended(reply.message().path("result"), reply.bytes());
    } catch (McpException e) {
      throw begun(e);
    }
  }

  private McpReply answered(Task task, String method) throws McpException, InterruptedException {
    McpReply reply =
        requests.send(
            task.endpoint, task.revision, method, params(task), task.fields(), task.limits);
    McpErrors.check(task.endpoint.place(), reply);
    return reply;
  }

  // The call itself was taken, so that it may not be sent again as one that was not.
  private static McpException begun(McpException e) {
    return switch (e.kind()) {
      case UNREACHED, UNAUTHORIZED, BUSY, BROKEN ->
          new McpException(McpFailure.BROKEN, e.sentence());
      case REFUSED, UNUSABLE, ERROR -> e;
    };
  }

  private static McpException failed(Task task, String why) {
    return new McpException(
        McpFailure.ERROR,
        "The task at %s failed: %s"
            .formatted(task.endpoint.place(), WellFormed.cut(why, LONGEST_MESSAGE)));
  }

  private void cancel(Task task) {
    requests.sendWithoutWaiting(
        task.endpoint, task.revision, "tasks/cancel", params(task), task.fields());
  }

  private ObjectNode params(Task task) {
    return json.object().put("taskId", task.id);
  }
}
