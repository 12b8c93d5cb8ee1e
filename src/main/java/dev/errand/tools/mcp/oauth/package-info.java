/**
 * The client's role of OAuth 2.1: how this service gets tokens for remote MCP servers, keeps them
 * and renews them.
 */
@NullMarked
package dev.errand.tools.mcp.oauth;

import org.jspecify.annotations.NullMarked;
