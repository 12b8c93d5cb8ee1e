package dev.errand.adapters.mcp;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.errand.base.json.Json;
import dev.errand.models.port.RunError;
import dev.errand.runs.queue.Run;
import dev.errand.runs.queue.RunConfig;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Duration;
import java.time.Instant;

/** Shows runs as results of tools, and as tasks of the protocol's extension of that name. */
@ApplicationScoped
public class RunAnswers {
  private static final Duration POLL_INTERVAL = Duration.ofSeconds(5);
  private static final String OUTPUT_SCHEMA =
      """
      {
        "type": "object",
        "properties": {
          "task": {"type": "string", "description": "The task's name."},
          "run": {"type": "string", "description": "The run's name: pass it to get_run."},
          "status": {
            "type": "string",
            "enum": ["pending", "running", "ready", "error"],
            "description": "pending and running are live; ready has an output, error has an error."
          },
          "output": {"type": "string", "description": "The answer of a ready run."},
          "code": {"type": "string", "description": "The kind of the error."},
          "error": {"type": "string", "description": "The error as a sentence."},
          "created_at": {"type": "string", "description": "When it was started."},
          "finished_at": {"type": "string", "description": "When it ended."}
        },
        "required": ["task", "run", "status", "created_at"]
      }
      """;

  private final Json json;
  private final ToolAnswers answers;
  private final Duration retention;
  private final ObjectNode outputSchema;

  RunAnswers(Json json, ToolAnswers answers, RunConfig config) {
    this.json = json;
    this.answers = answers;
    this.retention = config.retention();
    this.outputSchema = (ObjectNode) json.tree(OUTPUT_SCHEMA);
  }

  /** The schema of {@link #shown}, which must not be changed. */
  ObjectNode outputSchema() {
    return outputSchema;
  }

  ObjectNode shown(String task, Run run) {
    ObjectNode shown =
        json.object().put("task", task).put("run", run.name()).put("status", run.status().code());
    String output = run.output();
    if (output != null) {
      shown.put("output", output);
    }
    if (run.errorCode() != null) {
      shown.put("code", run.errorCode()).put("error", run.errorMessage());
    }
    time(shown, "created_at", run.createdAt());
    Instant finished = run.finishedAt();
    if (finished != null) {
      time(shown, "finished_at", finished);
    }
    return shown;
  }

  /** A run as the result of a tool: its output, its error, or how to get it later. */
  ObjectNode answer(String task, Run run) {
    ObjectNode shown = shown(task, run);
    return switch (run.status()) {
      case READY -> answers.structured(run.output() == null ? "" : run.output(), shown, false);
      case ERROR ->
          answers.structured(
              "The run %s of the task %s failed with `%s`: %s"
                  .formatted(run.name(), task, run.errorCode(), run.errorMessage()),
              shown,
              true);
      case PENDING, RUNNING ->
          answers.structured(
              """
              The run %s of the task %s has not ended: it is %s, and goes on. Ask for it again with \
              get_run and {"task": %s, "run": %s}."""
                  .formatted(
                      run.name(),
                      task,
                      run.status().code(),
                      json.write(task),
                      json.write(run.name())),
              shown,
              false);
    };
  }

  /** The id of the task that a run is, in the extension. */
  static String taskId(String task, Run run) {
    return task + "/" + run.name();
  }

  /** A run as a task: without the result of one that has ended. */
  ObjectNode asTask(String task, Run run) {
    ObjectNode shown = json.object();
    shown.put("taskId", taskId(task, run));
    shown.put("status", taskStatus(run));
    if (run.errorMessage() != null) {
      shown.put("statusMessage", run.errorMessage());
    }
    time(shown, "createdAt", run.createdAt());
    time(shown, "lastUpdatedAt", run.modifiedAt());
    Instant ended = run.finishedAt();
    Duration taken = ended == null ? Duration.ZERO : Duration.between(run.createdAt(), ended);
    shown.put("ttlMs", retention.plus(taken).toMillis());
    return shown.put("pollIntervalMs", POLL_INTERVAL.toMillis());
  }

  /** A run as a task with its result, once it has one. */
  public ObjectNode asDetailedTask(String task, Run run) {
    ObjectNode shown = asTask(task, run);
    if (shown.path("status").asText().equals("completed")) {
      shown.set("result", answer(task, run));
    }
    return shown;
  }

  // A failed run is a completed task with an error result: `failed` is for errors of the protocol.
  private static String taskStatus(Run run) {
    return switch (run.status()) {
      case PENDING, RUNNING -> "working";
      case READY -> "completed";
      case ERROR -> RunError.CANCELLED.code().equals(run.errorCode()) ? "cancelled" : "completed";
    };
  }

  private void time(ObjectNode in, String field, Instant time) {
    in.set(field, json.toTree(time));
  }
}
