package dev.errand.adapters.mcp;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.errand.base.json.Json;
import dev.errand.identity.profile.ProfileSlug;
import dev.errand.models.output.Subschema;
import dev.errand.runs.history.RunUrls;
import dev.errand.runs.history.RunView.WaitingFor;
import dev.errand.runs.queue.Run;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Instant;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Shows runs as results of tools. */
@ApplicationScoped
public class RunAnswers {
  private static final String RESULT = "result";
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
          "output_bytes": {
            "type": "integer",
            "description": "The size of an answer of which output is the beginning; get_run has all of it."
          },
          "result": {"description": "The answer as JSON, where the task has a schema for it."},
          "code": {"type": "string", "description": "The kind of the error."},
          "error": {"type": "string", "description": "The error as a sentence."},
          "warnings": {
            "type": "array",
            "items": {"type": "string"},
            "description": "The codes of its warnings; with tools_failed its tools did nothing."
          },
          "waiting_for": {
            "type": "object",
            "description": "What a pending run waits for; absent where it goes on by itself soon.",
            "properties": {
              "kind": {
                "type": "string",
                "enum": ["approval", "retry"],
                "description": "approval: a person has to decide about its tool calls."
              },
              "until": {"type": "string", "description": "When it goes on at the latest."},
              "url": {"type": "string", "description": "Where a person decides."}
            },
            "required": ["kind", "until"]
          },
          "created_at": {"type": "string", "description": "When it was started."},
          "finished_at": {"type": "string", "description": "When it ended."}
        },
        "required": ["task", "run", "status", "warnings", "created_at"]
      }
      """;

  private final Json json;
  private final ToolAnswers answers;
  private final RunUrls urls;
  private final ObjectNode outputSchema;

  RunAnswers(Json json, ToolAnswers answers, RunUrls urls) {
    this.json = json;
    this.answers = answers;
    this.urls = urls;
    this.outputSchema = (ObjectNode) json.tree(OUTPUT_SCHEMA);
  }

  /** The schema of {@link #shown}, which must not be changed. */
  ObjectNode outputSchema() {
    return outputSchema;
  }

  /**
   * The same for the runs of a task. It is always of an object, as the protocol requires, whatever
   * the result is.
   *
   * @param ofResult the schema of the task's results; null for none
   */
  ObjectNode outputSchema(@Nullable ObjectNode ofResult) {
    if (ofResult == null) {
      return outputSchema;
    }
    ObjectNode schema = outputSchema.deepCopy();
    schema
        .withObject("/properties")
        .set(RESULT, Subschema.moved(ofResult, "/properties/" + RESULT));
    return schema;
  }

  ObjectNode shown(ToolRequest request, String task, Run run) {
    ObjectNode shown =
        json.object().put("task", task).put("run", run.name()).put("status", run.status().code());
    String output = run.output();
    if (output != null) {
      shown.put("output", output);
    }
    if (run.outputBytes() != null) {
      shown.put("output_bytes", run.outputBytes());
    }
    String result = run.result();
    if (result != null) {
      shown.set(RESULT, json.tree(result));
    }
    if (run.errorCode() != null) {
      shown.put("code", run.errorCode()).put("error", run.errorMessage());
    }
    run.warnings().forEach(shown.putArray("warnings")::add);
    WaitingFor waiting = waitingFor(request, run);
    if (waiting != null) {
      ObjectNode waits = shown.putObject("waiting_for").put("kind", waiting.kind());
      time(waits, "until", waiting.until());
      Json.setIfGiven(waits, "url", waiting.url());
    }
    time(shown, "created_at", run.createdAt());
    Instant finished = run.finishedAt();
    if (finished != null) {
      time(shown, "finished_at", finished);
    }
    return shown;
  }

  /** A run as the result of a tool: its output, its error, or how to get it later. */
  ObjectNode answer(ToolRequest request, String task, Run run) {
    ObjectNode shown = shown(request, task, run);
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
              The run %s of the task %s has not ended: it is %s, and %s. Ask for it again with \
              get_run and {"task": %s, "run": %s}."""
                  .formatted(
                      run.name(),
                      task,
                      run.status().code(),
                      Objects.requireNonNullElse(waits(request, run), "goes on"),
                      json.write(task),
                      json.write(run.name())),
              shown,
              false);
    };
  }

  /** That a run waits for a person, as the part of a sentence; null where it does not. */
  @Nullable String waits(ToolRequest request, Run run) {
    WaitingFor waiting = waitingFor(request, run);
    return waiting == null || waiting.url() == null
        ? null
        : """
          waits until a person decides about its tool calls, by %s at the latest. You can't decide, \
          and it does not go on before: tell your user to decide at %s"""
            .formatted(waiting.until(), waiting.url());
  }

  private @Nullable WaitingFor waitingFor(ToolRequest request, Run run) {
    ProfileSlug named = request.profile().named(request.caller());
    return WaitingFor.of(run, urls.ofDecision(request.base().toString(), named, run));
  }

  private void time(ObjectNode in, String field, Instant time) {
    in.set(field, json.toTree(time));
  }
}
