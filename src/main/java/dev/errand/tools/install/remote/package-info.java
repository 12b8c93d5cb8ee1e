/** Installations of remote MCP servers: checking and accepting changes of their tools. */
@NullMarked
package dev.errand.tools.install.remote;

import org.jspecify.annotations.NullMarked;
