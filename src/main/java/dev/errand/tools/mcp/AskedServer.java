package dev.errand.tools.mcp;

import dev.errand.tools.mcp.oauth.OAuthSetting;
import dev.errand.tools.mcp.pin.FoundTools;
import dev.errand.tools.mcp.wire.McpEndpoint;
import org.jspecify.annotations.Nullable;

/**
 * A server that was asked for its tools because somebody installs it, or changes how it is asked.
 * One that is asked with OAuth lists them only when somebody has connected it.
 *
 * @param endpoint where and how
 * @param auth {@link RemoteServerRequest#NONE}, {@link RemoteServerRequest#HEADERS} or {@link
 *     RemoteServerRequest#OAUTH}
 * @param found what it listed; without tools where it is asked with OAuth
 * @param oauth whom it is to be connected by; null where it is asked otherwise
 */
public record AskedServer(
    McpEndpoint endpoint, String auth, FoundTools found, @Nullable OAuthSetting oauth) {}
