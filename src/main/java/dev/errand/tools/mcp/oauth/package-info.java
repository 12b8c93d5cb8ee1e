/** The client's role of OAuth 2.1: discovery, registration, and tokens for remote MCP servers. */
@NullMarked
package dev.errand.tools.mcp.oauth;

import org.jspecify.annotations.NullMarked;
