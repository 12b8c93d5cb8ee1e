package dev.errand.models.port;

import dev.errand.models.port.RunListener.ToolRequest;
import dev.errand.tools.tool.ToolResult;
import java.time.Duration;
import java.time.Instant;

/**
 * Event: a tool call has ended, or the model's request was not a valid call.
 *
 * @param request the requested call
 * @param begun when it began
 * @param took how long it took
 * @param result its result
 */
public record ToolCalled(ToolRequest request, Instant begun, Duration took, ToolResult result) {}
