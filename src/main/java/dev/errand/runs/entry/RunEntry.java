package dev.errand.runs.entry;

import com.fasterxml.jackson.databind.JsonNode;
import dev.errand.models.message.Message;
import dev.errand.models.port.Usage;
import dev.errand.tools.port.Content;
import dev.errand.tools.port.ToolEgress;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * An entry of a run's {@code results}: what was exchanged with the model, a call of a tool, a line,
 * a warning, or an end. A new kind of entry is a record here and a form in {@link RunEntryCodec}.
 */
public sealed interface RunEntry {
  /** The level of an entry that the run's owner should see. */
  int WARNING = 40;

  /** The ended request to the model that led to this entry; null where none did. */
  default @Nullable EndedRequest asked() {
    return null;
  }

  default List<Content.Image> pictures() {
    return List.of();
  }

  record Prompt(Message.User message) implements RunEntry {
    public Prompt(String text) {
      this(new Message.User(text));
    }

    @Override
    public List<Content.Image> pictures() {
      return message.pictures();
    }
  }

  /** What the model is told after a last message that does not fit the schema of the task. */
  record Repair(Message.User message) implements RunEntry {}

  /**
   * A message of the model that is not the last one.
   *
   * @param asked the request for it; null in entries of earlier versions
   */
  record Answer(Message.Assistant message, @Nullable EndedRequest asked) implements RunEntry {}

  /**
   * The last message of a run that is ready.
   *
   * @param asked the request for it; null in entries of earlier versions
   */
  record FinalMessage(Message.Assistant message, @Nullable EndedRequest asked)
      implements RunEntry {}

  /** The start of a tool call. */
  record ToolCallRequested(Message.ToolCall call) implements RunEntry {}

  /**
   * The end of a tool call.
   *
   * @param tool the tool's name, as the model called it; null in entries of earlier versions
   * @param ms how long the call took, in milliseconds; null in entries of earlier versions
   * @param egress the HTTP requests that the tool made
   */
  record ToolResult(
      Message.ToolResult message, @Nullable String tool, @Nullable Long ms, List<ToolEgress> egress)
      implements RunEntry {
    public ToolResult {
      egress = List.copyOf(egress);
    }

    /** Whether the call failed; one that people declined did not. */
    public boolean hasFailed() {
      return message.isError() && !message.isDeclined();
    }

    @Override
    public List<Content.Image> pictures() {
      return message.pictures();
    }
  }

  /**
   * A line that a tool logged.
   *
   * @param level 10 trace, 20 debug, 30 info, 40 warning, 50 error
   */
  record LogLine(String tool, int level, String line) implements RunEntry {
    /** Whether the run's owner should see it. */
    public boolean isWarning() {
      return level >= WARNING;
    }
  }

  /**
   * A warning: the run is close to a bound, its last message is not the whole answer of the model,
   * or a step was cut off and is repeated.
   *
   * @param code what it is about; for a bound, the code with which the run ends when it reaches it
   */
  record Warning(String code, String sentence) implements RunEntry {}

  /**
   * A failed request to the model that is followed by another try.
   *
   * @param code the code with which the run would end if this were the last try
   * @param number the number of the try within its step, from 1
   * @param asked the request; null in entries of earlier versions
   */
  record FailedTry(String code, String sentence, int number, @Nullable EndedRequest asked)
      implements RunEntry {}

  /**
   * The end of a run that failed.
   *
   * @param asked the request to the model that failed; null where another reason ends the run
   */
  record Failure(String code, String sentence, @Nullable EndedRequest asked) implements RunEntry {
    /** A failure for another reason than a request to the model. */
    public Failure(String code, String sentence) {
      this(code, sentence, null);
    }
  }

  /**
   * The retry of an ended run.
   *
   * @param isAnew whether it has another model or another system text than before, so that what is
   *     bound to those is not sent any more
   */
  record Retried(boolean isAnew) implements RunEntry {
    public static final String TEXT = "run taken up again";
  }

  /**
   * A tool call waits until a person decides about it.
   *
   * @param mayHaveRun whether it was begun before, and its result is not known
   */
  record ApprovalRequested(
      UUID approval, String callId, String tool, Instant expiresAt, boolean mayHaveRun)
      implements RunEntry {}

  /**
   * A run takes up what was decided about one of its tool calls.
   *
   * @param status what was decided, by its code
   * @param by the user who decided; null where nobody did in time
   * @param with the id of the token by which that user decided; null in the console
   * @param arguments those that the user put in place of the model's; null for the model's
   */
  record ApprovalDecided(
      UUID approval,
      String callId,
      String tool,
      String status,
      Instant at,
      @Nullable String by,
      @Nullable String with,
      @Nullable String reason,
      @Nullable JsonNode arguments)
      implements RunEntry {}

  /** An entry of a kind that this version does not know: a newer one wrote it. */
  record Unknown(JsonNode stored) implements RunEntry {
    /** Its text for a reader; empty where it has none. */
    public String text() {
      return stored.path("msg").asText();
    }

    /** Whether the run's owner should see it. */
    public boolean isWarning() {
      return stored.path("level").asInt() >= WARNING;
    }
  }

  /**
   * An ended request to the model.
   *
   * @param tools the address of the definitions of the tools that it offered; null for none
   * @param used the tokens and the cost of it; null in entries of earlier versions, and where it
   *     used none
   */
  record EndedRequest(long ms, @Nullable String tools, Usage.@Nullable Step used) {
    /** A request that used no tokens. */
    public EndedRequest(long ms, @Nullable String tools) {
      this(ms, tools, null);
    }
  }
}
