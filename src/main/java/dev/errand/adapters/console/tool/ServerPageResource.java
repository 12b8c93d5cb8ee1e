package dev.errand.adapters.console.tool;

import dev.errand.adapters.console.page.Console;
import dev.errand.adapters.console.page.PagePaths;
import dev.errand.adapters.console.page.PageRequest;
import dev.errand.tools.install.ConnectService;
import dev.errand.tools.install.RemoteChecks;
import io.smallrye.common.annotation.RunOnVirtualThread;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.UriInfo;
import org.jboss.resteasy.reactive.RestForm;
import org.jboss.resteasy.reactive.RestPath;
import org.jboss.resteasy.reactive.RestResponse;
import org.jspecify.annotations.Nullable;

/** The buttons of a remote server: list its tools again, accept them, disconnect it. */
@Path("/console/{user}/{profile}/tools/{name}")
@Produces(MediaType.TEXT_HTML)
@RunOnVirtualThread
public class ServerPageResource {
  private static final String CURRENT = InstallationPageResource.CURRENT;

  private final Console console;
  private final RemoteChecks checks;
  private final ConnectService connections;

  ServerPageResource(Console console, RemoteChecks checks, ConnectService connections) {
    this.console = console;
    this.checks = checks;
    this.connections = connections;
  }

  /** Lists the server's tools now. */
  @POST
  @Path("refresh")
  @Consumes(MediaType.APPLICATION_FORM_URLENCODED)
  public RestResponse<String> refresh(
      @RestPath String user,
      @RestPath String profile,
      @RestPath String name,
      @RestForm @Nullable String ticket,
      @Context UriInfo uri)
      throws InterruptedException {
    PageRequest visit = console.change(user, profile, CURRENT, ticket);
    checks.refresh(visit.caller(), visit.profile(), name);
    return back(visit, name, uri);
  }

  /** Pins the tools that the page has shown. */
  @POST
  @Path("accept")
  @Consumes(MediaType.APPLICATION_FORM_URLENCODED)
  public RestResponse<String> accept(
      @RestPath String user,
      @RestPath String profile,
      @RestPath String name,
      @RestForm @Nullable String ticket,
      @RestForm @Nullable String digest,
      @Context UriInfo uri) {
    PageRequest visit = console.change(user, profile, CURRENT, ticket);
    checks.accept(visit.caller(), visit.profile(), name, digest == null ? "" : digest);
    return back(visit, name, uri);
  }

  /** Revokes and deletes its tokens. */
  @POST
  @Path("disconnect")
  @Consumes(MediaType.APPLICATION_FORM_URLENCODED)
  public RestResponse<String> disconnect(
      @RestPath String user,
      @RestPath String profile,
      @RestPath String name,
      @RestForm @Nullable String ticket,
      @Context UriInfo uri)
      throws InterruptedException {
    PageRequest visit = console.change(user, profile, CURRENT, ticket);
    connections.disconnect(visit.caller(), visit.profile(), name);
    return back(visit, name, uri);
  }

  private RestResponse<String> back(PageRequest visit, String name, UriInfo uri) {
    return console.redirect(PagePaths.tool(visit.layout().home(), name), uri);
  }
}
