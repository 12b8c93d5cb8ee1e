package dev.errand.adapters.console.tool;

import dev.errand.adapters.console.page.PagePaths;
import dev.errand.adapters.console.page.PageRequest;
import dev.errand.tools.install.ConnectService;
import dev.errand.tools.install.RemoteChecks;
import io.smallrye.common.annotation.RunOnVirtualThread;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import org.jboss.resteasy.reactive.RestForm;
import org.jboss.resteasy.reactive.RestPath;
import org.jboss.resteasy.reactive.RestResponse;
import org.jspecify.annotations.Nullable;

/** The buttons of a remote server: list its tools again, accept them, disconnect it. */
@Path("/console/{user}/{profile}/tools/{name}")
@Produces(MediaType.TEXT_HTML)
@RunOnVirtualThread
public class ServerPageResource {

  private final RemoteChecks checks;
  private final ConnectService connections;

  ServerPageResource(RemoteChecks checks, ConnectService connections) {
    this.checks = checks;
    this.connections = connections;
  }

  /** Lists the server's tools now. */
  @POST
  @Path("refresh")
  @Consumes(MediaType.APPLICATION_FORM_URLENCODED)
  public RestResponse<String> refresh(PageRequest page, @RestPath String name)
      throws InterruptedException {
    checks.refresh(page.caller(), page.profile(), name);
    return back(page, name);
  }

  /** Pins the tools that the page has shown. */
  @POST
  @Path("accept")
  @Consumes(MediaType.APPLICATION_FORM_URLENCODED)
  public RestResponse<String> accept(
      PageRequest page, @RestPath String name, @RestForm @Nullable String digest) {
    checks.accept(page.caller(), page.profile(), name, digest == null ? "" : digest);
    return back(page, name);
  }

  /** Revokes and deletes its tokens. */
  @POST
  @Path("disconnect")
  @Consumes(MediaType.APPLICATION_FORM_URLENCODED)
  public RestResponse<String> disconnect(PageRequest page, @RestPath String name)
      throws InterruptedException {
    connections.disconnect(page.caller(), page.profile(), name);
    return back(page, name);
  }

  private RestResponse<String> back(PageRequest page, String name) {
    return page.redirect(PagePaths.tool(page.home(), name));
  }
}
