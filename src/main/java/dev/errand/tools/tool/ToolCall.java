package dev.errand.tools.tool;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Instant;

/**
 * One call of a tool.
 *
 * @param id the id that the model gave the call; a call that is run again after a crash carries the
 *     same id, so that a tool can tell
 * @param arguments what the model passes, not yet checked against the schema
 * @param deadline when the call must have ended, whatever the tool's own limits are
 * @param log takes what the tool logs while it runs, on any thread
 */
public record ToolCall(String id, ObjectNode arguments, Instant deadline, ToolLog log) {}
