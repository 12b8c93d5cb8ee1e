package dev.errand.models.model;

import dev.errand.models.model.RunListener.ToolRequest;
import dev.errand.tools.tool.ToolResult;
import java.time.Duration;
import java.time.Instant;

/**
 * A tool was called, or what the model asked for was no call of one.
 *
 * @param request what the model asked for
 * @param begun when
 * @param took how long it took
 * @param result what it answered
 */
public record ToolCalled(ToolRequest request, Instant begun, Duration took, ToolResult result) {}
