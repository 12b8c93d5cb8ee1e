/**
 * Remote MCP servers as tools, the client's side of the Model Context Protocol: settings of
 * servers, pinned tools, and calls. What a profile does with such an installation (check, accept
 * changes, connect) is in {@code tools.install}; the server's side is {@code adapters.mcp}.
 */
@NullMarked
package dev.errand.tools.mcp;

import org.jspecify.annotations.NullMarked;
