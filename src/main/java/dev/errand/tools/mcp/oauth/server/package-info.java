/** What authorization servers are asked: who they are, to register a client, and for tokens. */
@NullMarked
package dev.errand.tools.mcp.oauth.server;

import org.jspecify.annotations.NullMarked;
