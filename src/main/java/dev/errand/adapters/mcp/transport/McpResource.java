package dev.errand.adapters.mcp.transport;

import dev.errand.identity.account.Caller;
import dev.errand.identity.account.CurrentCaller;
import dev.errand.identity.profile.ProfileSlug;
import io.smallrye.common.annotation.RunOnVirtualThread;
import jakarta.ws.rs.BeanParam;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/** The endpoint of the Model Context Protocol, for chats that call tasks and tools. */
@Path("/mcp")
@RunOnVirtualThread
public class McpResource {
  private final CurrentCaller caller;
  private final DefaultProfile defaultProfile;
  private final McpTransport transport;

  McpResource(CurrentCaller caller, DefaultProfile defaultProfile, McpTransport transport) {
    this.caller = caller;
    this.defaultProfile = defaultProfile;
    this.transport = transport;
  }

  /** A message to the caller's default profile, or to the one that the credential is limited to. */
  @POST
  @Consumes(MediaType.WILDCARD)
  public Response toDefaultProfile(@Nullable String body, @Context HttpHeaders headers)
      throws InterruptedException, IOException {
    Caller by = caller.get();
    return transport.answer(by, defaultProfile.of(by), body, headers);
  }

  @POST
  @Path("{user}/{profile}")
  @Consumes(MediaType.WILDCARD)
  public Response toProfile(
      @BeanParam ProfileSlug profile, @Nullable String body, @Context HttpHeaders headers)
      throws InterruptedException, IOException {
    return transport.answer(caller.get(), profile, body, headers);
  }
}
