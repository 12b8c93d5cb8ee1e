package dev.errand.runs.lifecycle;

import dev.errand.base.limit.ElapsedClock;
import dev.errand.models.loop.ModelPorts;
import dev.errand.models.message.Message;
import dev.errand.models.port.ModelPort.Question;
import dev.errand.models.port.ModelRequest;
import dev.errand.models.port.ModelSettings;
import dev.errand.models.port.Transcript;
import dev.errand.runs.task.AssignedTask;
import dev.errand.runs.task.RunCeilings;
import dev.errand.runs.task.TaskKeys;
import dev.errand.tools.port.ToolSpec;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.List;
import java.util.UUID;

/** Builds requests to models that are shown and not sent. */
@ApplicationScoped
public class ShownRequests {
  private final ModelPorts ports;
  private final TaskKeys keys;
  private final RunCeilings ceilings;

  ShownRequests(ModelPorts ports, TaskKeys keys, RunCeilings ceilings) {
    this.ports = ports;
    this.keys = keys;
    this.ceilings = ceilings;
  }

  /** The first request of a run, to a server. */
  public ModelRequest first(TaskKeys.Server server, AssignedTask assigned, List<ToolSpec> tools) {
    return of(server, assigned, Transcript.ofPrompt(assigned.prompt()).messages(), tools);
  }

  /** The request for the next message of a conversation, to the server that the task has now. */
  public ModelRequest of(
      UUID taskId, AssignedTask assigned, List<Message> conversation, List<ToolSpec> tools) {
    return of(keys.server(taskId), assigned, conversation, tools);
  }

  private ModelRequest of(
      TaskKeys.Server server,
      AssignedTask assigned,
      List<Message> conversation,
      List<ToolSpec> tools) {
    ModelSettings fixed = assigned.model();
    return ports.request(
        new Question<>(
            server.ofProvider() && server.runner().equals(fixed.runner())
                ? fixed.at(server.baseUrl())
                : fixed,
            server.hasKey() ? ModelRequest.KEY : "",
            conversation,
            tools,
            assigned.settings().bounds(ElapsedClock.now(), ceilings),
            assigned.settings().outputSchema()));
  }
}
