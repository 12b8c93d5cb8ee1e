/** Requests to authorization servers: discovery, registration of a client, and tokens. */
@NullMarked
package dev.errand.tools.mcp.oauth.server;

import org.jspecify.annotations.NullMarked;
