/**
 * The transport of the protocol's first revision, 2024-11-05: one stream of events for answers, and
 * an address to which requests are posted. Older clients use it.
 */
@NullMarked
package dev.errand.adapters.mcp.sse;

import org.jspecify.annotations.NullMarked;
