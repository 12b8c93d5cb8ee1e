/** Remote MCP servers as tools: their settings, pinned tools, changes of them, and calls. */
@NullMarked
package dev.errand.tools.mcp;

import org.jspecify.annotations.NullMarked;
