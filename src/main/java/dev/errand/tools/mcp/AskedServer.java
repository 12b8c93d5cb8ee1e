package dev.errand.tools.mcp;

import dev.errand.tools.mcp.pin.FoundTools;
import dev.errand.tools.mcp.wire.McpEndpoint;

/**
 * A server that was asked for its tools because somebody installs it, or changes how it is asked.
 *
 * @param endpoint where and how
 * @param auth {@link RemoteServerRequest#NONE} or {@link RemoteServerRequest#HEADERS}
 * @param found what it listed
 */
public record AskedServer(McpEndpoint endpoint, String auth, FoundTools found) {}
