/** The client of remote MCP servers: requests, answers, revisions and sessions on the wire. */
@NullMarked
package dev.errand.tools.mcp.wire;

import org.jspecify.annotations.NullMarked;
