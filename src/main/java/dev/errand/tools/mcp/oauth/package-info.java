/**
 * The client's role of OAuth 2.1: how this service gets, stores and renews tokens for remote MCP
 * servers.
 */
@NullMarked
package dev.errand.tools.mcp.oauth;

import org.jspecify.annotations.NullMarked;
