/**
 * The server of the Model Context Protocol: the tasks of a profile, its runs and its installed
 * tools for chats. How messages get here is {@code adapters.mcp.transport}; the client's side is
 * {@code tools.mcp}.
 */
@NullMarked
package dev.errand.adapters.mcp;

import org.jspecify.annotations.NullMarked;
