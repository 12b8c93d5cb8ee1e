/** Installations of remote MCP servers: whether their tools have changed, and accepting that. */
@NullMarked
package dev.errand.tools.install.remote;

import org.jspecify.annotations.NullMarked;
