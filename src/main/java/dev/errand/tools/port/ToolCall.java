package dev.errand.tools.port;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Instant;

/**
 * One call of a tool.
 *
 * @param id the id that the model gave the call; a call that is repeated after a crash has the same
 *     id, so that a tool can recognize it
 * @param arguments the model's arguments, not checked against the schema
 * @param deadline when the call must end, whatever the tool's own limits are, by the clock of
 *     {@link dev.errand.base.limit.ElapsedTime}
 * @param log receives the lines that the tool logs and its requests, on any thread
 * @param isApproved whether a person has approved it, or makes it
 */
public record ToolCall(
    String id, ObjectNode arguments, Instant deadline, ToolLog log, boolean isApproved) {
  /** A call that nobody has approved. */
  public ToolCall(String id, ObjectNode arguments, Instant deadline, ToolLog log) {
    this(id, arguments, deadline, log, false);
  }

  /** The same call, approved by a person. */
  public ToolCall approved() {
    return new ToolCall(id, arguments, deadline, log, true);
  }
}
