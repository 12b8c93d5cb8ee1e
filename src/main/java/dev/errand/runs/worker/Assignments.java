package dev.errand.runs.worker;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.errand.base.json.Json;
import dev.errand.base.turn.WorkOwner;
import dev.errand.models.port.Assignment;
import dev.errand.models.port.ModelSettings;
import dev.errand.models.port.Transcript;
import dev.errand.models.port.UnreadSettings;
import dev.errand.models.port.Usage;
import dev.errand.runs.entry.RunEntry.EndedRequest;
import dev.errand.runs.history.RunArchive;
import dev.errand.runs.history.ToolDefinitions;
import dev.errand.runs.history.Transcripts;
import dev.errand.runs.history.Transcripts.Recorded;
import dev.errand.runs.queue.Claim;
import dev.errand.runs.task.AssignedTask;
import dev.errand.runs.task.LaterTries;
import dev.errand.runs.task.RunCeilings;
import dev.errand.runs.task.TaskKeys;
import dev.errand.runs.task.TaskKeys.KeyAndTools;
import dev.errand.runs.task.TaskKeys.KeyRate;
import dev.errand.runs.task.TaskKeys.OpenedKey;
import dev.errand.runs.task.TaskSettings;
import dev.errand.tools.install.ProfileToolbox;
import dev.errand.tools.install.ProfileToolbox.Offered;
import dev.errand.tools.port.ApprovalRules;
import dev.errand.tools.port.Tool;
import dev.errand.tools.port.ToolSpec;
import dev.errand.tools.port.ToolUser;
import dev.errand.tools.port.Toolbox;
import dev.errand.tools.servlet.module.ContentAddress;
import jakarta.inject.Singleton;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.Semaphore;
import org.jspecify.annotations.Nullable;

/** Builds the input of the tool loop: the conversation so far, key, tools and bounds. */
@Singleton
class Assignments {
  private static final String NO_PINS = "{}";

  // A process may claim thousands of runs at once. Those that are resumed wait here, without a time
  // limit, and leave connections to work that must not wait: leases and requests.
  private static final int RESUME_AT_ONCE = 8;

  private final Semaphore resuming = new Semaphore(RESUME_AT_ONCE);
  private final RunArchive archive;
  private final Transcripts transcripts;
  private final ToolDefinitions definitions;
  private final ProfileToolbox toolboxes;
  private final TaskKeys keys;
  private final RunCeilings ceilings;
  private final Json json;
  // Every run starts with this.
  private final String unused;

  Assignments(
      RunArchive archive,
      Transcripts transcripts,
      ToolDefinitions definitions,
      ProfileToolbox toolboxes,
      TaskKeys keys,
      RunCeilings ceilings,
      Json json) {
    this.archive = archive;
    this.transcripts = transcripts;
    this.definitions = definitions;
    this.toolboxes = toolboxes;
    this.keys = keys;
    this.ceilings = ceilings;
    this.json = json;
    this.unused = json.write(Usage.NONE);
  }

  /**
   * The assignment of a claimed run, with its tools.
   *
   * @param tools the address of the definitions of its tools; null for none
   * @param isCut whether the conversation lacks what is bound to other tools or to another model,
   *     and no entry says so
   * @param laterTries when it is tried again if its model can't be reached; null for never
   * @param settings the task's settings that were fixed when the run started
   * @param characters how many its settings and its conversation have as JSON
   * @param isBudgeted whether any budget counts it
   * @param rate that of the provider of its key; null where its task has a key of its own
   */
  record Assigned(
      Assignment assignment,
      @Nullable String tools,
      boolean isCut,
      @Nullable LaterTries laterTries,
      TaskSettings settings,
      long characters,
      boolean isBudgeted,
      @Nullable KeyRate rate) {}

  /** Another version fixed settings for a run that this one can't use. */
  static final class UnusableSettingsException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final String settings;

    private UnusableSettingsException(String settings, @Nullable Throwable cause) {
      super("This version can't use the run's " + settings + ".", cause);
      this.settings = settings;
    }

    /** Which settings, for messages. */
    String settings() {
      return settings;
    }
  }

  /**
   * The assignment of a claimed run; empty where its task was deleted.
   *
   * @throws UnusableSettingsException when another version fixed settings that this one can't use
   * @throws dev.errand.base.secret.SealBrokenException when the key can't be opened
   * @throws dev.errand.runs.task.TaskKeys.KeyOfOtherServerException when the task's key is for
   *     another server than that of the run
   */
  Optional<Assigned> of(Claim claim) throws InterruptedException {
    Optional<KeyAndTools> opened = keys.openWithTools(claim.taskId());
    return opened.isEmpty() ? Optional.empty() : Optional.of(of(claim, opened.get()));
  }

  /** The present rate of a provider. */
  KeyRate rate(UUID provider) {
    return keys.rate(provider);
  }

  /** When the time of a claimed run is up, by the elapsed clock. */
  Instant deadline(Claim claim) {
    try {
      return json.read(claim.assignment(), AssignedTask.class)
          .settings()
          .bounds(claim.began(), ceilings)
          .deadline();
    } catch (IllegalStateException e) {
      // Bounds in a form of another version; they are no longer than this process allows.
      return claim.began().plus(ceilings.timeout());
    }
  }

  private AssignedTask assigned(Claim claim) {
    AssignedTask assigned;
    ModelSettings model;
    try {
      assigned = json.read(claim.assignment(), AssignedTask.class);
      model = assigned.model();
    } catch (IllegalStateException e) {
      throw new UnusableSettingsException("settings", e);
    }
    if (model instanceof UnreadSettings unread) {
      throw new UnusableSettingsException("settings of the runner " + unread.runner(), null);
    }
    return assigned;
  }

  private Assigned of(Claim claim, KeyAndTools opened) throws InterruptedException {
    AssignedTask assigned = assigned(claim);
    OpenedKey key = opened.key();
    Toolbox toolbox =
        claim.servlets().equals(NO_PINS)
            ? List::of
            : toolbox(claim, opened.offered(), assigned.settings());
    // A run whose only entry is the prompt needs no read: its assignment has the prompt, too.
    List<String> stored = claim.entryCount() == 1 ? List.of() : entries(claim);
    Recorded recorded = transcripts.of(stored);
    EndedRequest asked = recorded.asked();
    if (asked != null) {
      toolbox = fixed(toolbox, asked.tools());
    }
    List<ToolSpec> specs = toolbox.tools().stream().map(Tool::spec).toList();
    @Nullable String tools = specs.isEmpty() ? null : definitions.keep(specs);
    Assignment assignment =
        new Assignment(
            keys.settings(assigned.model(), key),
            key.value(),
            toolbox,
            assigned.settings().bounds(claim.began(), ceilings),
            stored.isEmpty() ? Transcript.ofPrompt(assigned.prompt()) : recorded.transcript(tools),
            claim.usage().equals(unused) ? Usage.NONE : json.read(claim.usage(), Usage.class),
            assigned.settings().output(json),
            assigned.settings().expectation(json),
            Objects.requireNonNullElse(assigned.settings().approvals(), ApprovalRules.NONE),
            assigned.settings().fallsBackToDefaultTier(),
            WorkOwner.of(
                claim.profile().substring(0, claim.profile().indexOf('/')), claim.profileId()));
    return new Assigned(
        assignment,
        tools,
        recorded.isNewlyCut(tools),
        assigned.laterTries(),
        assigned.settings(),
        claim.assignment().length() + stored.stream().mapToLong(String::length).sum(),
        opened.isBudgeted(),
        key.rate());
  }

  /**
   * The tools that the model was offered by the first request: those that are left can be called.
   */
  private Toolbox fixed(Toolbox present, @Nullable String offered) {
    return offered == null
        ? new FixedToolbox(present, List.of())
        : definitions
            .find(offered)
            .map(specs -> (Toolbox) new FixedToolbox(present, specs))
            .orElse(present);
  }

  private List<String> entries(Claim claim) throws InterruptedException {
    resuming.acquire();
    try {
      return archive.entries(claim.runId());
    } finally {
      resuming.release();
    }
  }

  private Toolbox toolbox(Claim claim, List<Offered> offered, TaskSettings settings) {
    Map<UUID, ContentAddress> pinned = new HashMap<>();
    for (Map.Entry<String, JsonNode> pin :
        json.read(claim.servlets(), ObjectNode.class).properties()) {
      pinned.put(UUID.fromString(pin.getKey()), new ContentAddress(pin.getValue().asText()));
    }
    return toolboxes.of(
        offered,
        pinned,
        new ToolUser(claim.profileId(), claim.runId(), claim.depth() + 1),
        settings.choice());
  }
}
