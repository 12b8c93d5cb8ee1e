package dev.errand.tools.mcp;

import dev.errand.tools.mcp.oauth.OAuthSetting;
import dev.errand.tools.mcp.wire.McpEndpoint;
import org.jspecify.annotations.Nullable;

/**
 * A server whose tools were listed because it is being installed, or its settings are being
 * changed. A server with OAuth lists them only after a person has connected it.
 *
 * @param auth {@link RemoteServerRequest#NONE}, {@link RemoteServerRequest#HEADERS} or {@link
 *     RemoteServerRequest#OAUTH}
 * @param found the tools that it listed; none for a server with OAuth
 * @param oauth how it is connected; null without OAuth
 */
public record AskedServer(
    McpEndpoint endpoint, String auth, FoundTools found, @Nullable OAuthSetting oauth) {}
