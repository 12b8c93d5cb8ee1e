/**
 * How messages of the Model Context Protocol reach {@code adapters.mcp}: Streamable HTTP, and the
 * event streams of the first revision. It reads and checks requests, and writes answers.
 */
@NullMarked
package dev.errand.adapters.mcp.transport;

import org.jspecify.annotations.NullMarked;
