/** The tools that a chat sees: the tasks of a profile, its runs, and its installed tools. */
@NullMarked
package dev.errand.adapters.mcp.tool;

import org.jspecify.annotations.NullMarked;
