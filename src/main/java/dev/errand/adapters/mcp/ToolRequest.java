package dev.errand.adapters.mcp;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.errand.adapters.mcp.CallingRuns.CallingRun;
import dev.errand.identity.account.Caller;
import dev.errand.identity.profile.ProfileSlug;
import java.net.URI;
import java.util.function.Consumer;

/**
 * A call of a tool.
 *
 * @param run the run that calls
 * @param base the address of the service as the client knows it; relative where that is not known
 * @param gone receives an action to be run when the client disconnects
 */
public record ToolRequest(
    Caller caller,
    ProfileSlug profile,
    ObjectNode arguments,
    McpRequest message,
    CallingRun run,
    Progress progress,
    URI base,
    Consumer<Runnable> gone) {}
