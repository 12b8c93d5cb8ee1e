package dev.errand.runs.worker;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.errand.base.json.Json;
import dev.errand.models.model.Assignment;
import dev.errand.models.model.Transcript;
import dev.errand.models.model.Usage;
import dev.errand.runs.queue.record.Claim;
import dev.errand.runs.run.archive.RunArchive;
import dev.errand.runs.task.AssignedTask;
import dev.errand.runs.task.TaskKeys;
import dev.errand.runs.task.settings.RunCeilings;
import dev.errand.tools.install.ProfileToolbox;
import dev.errand.tools.servlet.code.ContentAddress;
import dev.errand.tools.tool.Toolbox;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;

/** Builds the input of the tool loop: the conversation so far, key, tools and bounds. */
@ApplicationScoped
class Assignments {
  private final RunArchive archive;
  private final Transcripts transcripts;
  private final ProfileToolbox toolboxes;
  private final TaskKeys keys;
  private final RunCeilings ceilings;
  private final Json json;

  Assignments(
      RunArchive archive,
      Transcripts transcripts,
      ProfileToolbox toolboxes,
      TaskKeys keys,
      RunCeilings ceilings,
      Json json) {
    this.archive = archive;
    this.transcripts = transcripts;
    this.toolboxes = toolboxes;
    this.keys = keys;
    this.ceilings = ceilings;
    this.json = json;
  }

  /**
   * The assignment of a claimed run; empty where its task was deleted.
   *
   * @throws dev.errand.base.secret.SealBrokenException when the key can't be opened
   */
  Optional<Assignment> of(Claim claim) {
    Optional<String> key = keys.open(claim.taskId());
    if (key.isEmpty()) {
      return Optional.empty();
    }
    AssignedTask assigned = read(claim.assignment(), AssignedTask.class);
    return Optional.of(
        new Assignment(
            assigned.model(),
            key.get(),
            toolbox(claim),
            assigned.settings().bounds(claim.startedAt(), ceilings),
            transcript(claim, assigned),
            read(claim.usage(), Usage.class)));
  }

  // A run whose only entry is the prompt needs no read: its assignment has the prompt, too.
  private Transcript transcript(Claim claim, AssignedTask assigned) {
    return claim.entryCount() == 1
        ? transcripts.ofPrompt(assigned.prompt())
        : transcripts.of(archive.entries(claim.runId()));
  }

  private Toolbox toolbox(Claim claim) {
    Map<UUID, ContentAddress> pinned = new HashMap<>();
    for (Map.Entry<String, JsonNode> pin : read(claim.servlets(), ObjectNode.class).properties()) {
      pinned.put(UUID.fromString(pin.getKey()), new ContentAddress(pin.getValue().asText()));
    }
    return toolboxes.of(claim.profileId(), pinned, claim.runId());
  }

  private <T> T read(String text, Class<T> type) {
    return json.read(text, type);
  }
}
