package dev.errand.models.port;

import dev.errand.models.message.Message;
import dev.errand.tools.port.ToolResult;
import java.time.Duration;
import java.time.Instant;

/** Event: a tool call has ended, or the model's request was not a valid call. */
public record ToolCalled(Message.ToolCall call, Instant begun, Duration took, ToolResult result) {}
