package dev.errand.base.http;

import com.fasterxml.jackson.databind.JsonNode;
import org.jspecify.annotations.Nullable;

/**
 * An event as CloudEvents 1.0 defines it.
 *
 * @param id unique among the events of its source
 * @param source where it comes from, a URI reference
 * @param traceparent the trace that it belongs to (the distributed tracing extension)
 * @param data its payload: JSON, or a text node where it is not JSON; a missing node where there is
 *     none
 */
public record CloudEvent(
    String id,
    String source,
    String type,
    @Nullable String subject,
    @Nullable String traceparent,
    JsonNode data) {}
