/** Remote MCP servers as tools: what is pinned of them, how it changes, and how it is called. */
@NullMarked
package dev.errand.tools.mcp;

import org.jspecify.annotations.NullMarked;
