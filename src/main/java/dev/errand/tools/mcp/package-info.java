/** Remote MCP servers as tools: their settings, changes of their tools, and calls. */
@NullMarked
package dev.errand.tools.mcp;

import org.jspecify.annotations.NullMarked;
