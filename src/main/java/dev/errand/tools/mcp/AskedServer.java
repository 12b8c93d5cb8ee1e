package dev.errand.tools.mcp;

import dev.errand.tools.mcp.pin.FoundTools;
import dev.errand.tools.mcp.wire.McpEndpoint;

/**
 * A server that somebody wants to install, and that was asked for its tools.
 *
 * @param endpoint where and how
 * @param auth {@link RemoteServerRequest#NONE} or {@link RemoteServerRequest#HEADERS}
 * @param found what it listed
 */
public record AskedServer(McpEndpoint endpoint, String auth, FoundTools found) {}
