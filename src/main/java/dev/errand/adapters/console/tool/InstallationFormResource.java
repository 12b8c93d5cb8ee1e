package dev.errand.adapters.console.tool;

import dev.errand.adapters.console.page.PageRequest;
import dev.errand.adapters.console.page.SentForm;
import dev.errand.base.error.ApiException;
import dev.errand.base.error.ErrorCode;
import dev.errand.base.json.Json;
import dev.errand.identity.page.PagePaths;
import dev.errand.tools.install.InstallationRequest;
import dev.errand.tools.install.InstallationService;
import dev.errand.tools.install.InstallationView;
import dev.errand.tools.mcp.McpView;
import dev.errand.tools.servlet.registry.ServletService;
import io.smallrye.common.annotation.RunOnVirtualThread;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import java.util.List;
import org.jboss.resteasy.reactive.RestPath;
import org.jboss.resteasy.reactive.RestResponse;

/** The pages with the forms of installations: of servlets and of remote servers. */
@Path("/console/{user}/{profile}")
@Produces(MediaType.TEXT_HTML)
@RunOnVirtualThread
public class InstallationFormResource {
  private static final int VERSIONS = 20;

  private final InstallationService installations;
  private final ServletService servlets;
  private final Json json;

  InstallationFormResource(InstallationService installations, ServletService servlets, Json json) {
    this.installations = installations;
    this.servlets = servlets;
    this.json = json;
  }

  /** The form that installs a servlet. */
  @GET
  @Path("install/{owner}/{servlet}")
  public RestResponse<String> newServlet(
      PageRequest page, @RestPath String owner, @RestPath String servlet) {
    return shown(page, servletForm(page, owner, servlet));
  }

  /** Installs a servlet. */
  @POST
  @Path("install/{owner}/{servlet}")
  public RestResponse<String> installServlet(
      PageRequest page, @RestPath String owner, @RestPath String servlet)
      throws InterruptedException {
    return saved(page, servletForm(page, owner, servlet));
  }

  /** The form of an installation of a servlet. */
  @GET
  @Path("tools/{name}/edit")
  public RestResponse<String> servlet(PageRequest page, @RestPath String name) {
    return shown(page, servletForm(page, name));
  }

  /** Changes an installation of a servlet. */
  @POST
  @Path("tools/{name}/edit")
  public RestResponse<String> changeServlet(PageRequest page, @RestPath String name)
      throws InterruptedException {
    return saved(page, servletForm(page, name));
  }

  /** The form that installs a server. */
  @GET
  @Path("install-server")
  public RestResponse<String> newServer(PageRequest page) {
    page.requireEditor("Tools");
    return shown(page, ServerForm.empty());
  }

  /** Installs a server, and lists its tools. */
  @POST
  @Path("install-server")
  public RestResponse<String> installServer(PageRequest page) throws InterruptedException {
    page.requireEditor("Tools");
    return saved(page, ServerForm.empty());
  }

  /** The form of a server. */
  @GET
  @Path("tools/{name}/edit-server")
  public RestResponse<String> server(PageRequest page, @RestPath String name) {
    return shown(page, serverForm(page, name));
  }

  /** Changes a server. */
  @POST
  @Path("tools/{name}/edit-server")
  public RestResponse<String> changeServer(PageRequest page, @RestPath String name)
      throws InterruptedException {
    return saved(page, serverForm(page, name));
  }

  private ServletForm servletForm(PageRequest page, String owner, String servlet) {
    page.requireEditor("Tools");
    return ServletForm.empty(
        servlets.get(page.caller(), owner, servlet, Integer.MAX_VALUE, VERSIONS).servlet(), json);
  }

  private ServletForm servletForm(PageRequest page, String name) {
    page.requireEditor("Tools");
    InstallationView installed =
        page.showing(installations.get(page.caller(), page.profile(), name));
    if (installed.mcp() != null) {
      throw ApiException.invalid("name", "is the name of a remote server, which has its own form");
    }
    String[] slug = installed.servlet().slug().split("/", 2);
    try {
      return ServletForm.of(
          installed,
          servlets
              .get(page.caller(), slug[0], slug[1], Integer.MAX_VALUE, VERSIONS)
              .servlet()
              .versions());
    } catch (ApiException e) {
      // A servlet that its owner has made private stays at the installed version.
      if (e.code() == ErrorCode.SERVLET_NOT_FOUND) {
        return ServletForm.of(installed, List.of());
      }
      throw e;
    }
  }

  private ServerForm serverForm(PageRequest page, String name) {
    page.requireEditor("Tools");
    InstallationView installed =
        page.showing(installations.get(page.caller(), page.profile(), name));
    McpView server = installed.mcp();
    if (server == null) {
      throw ApiException.invalid("name", "is the name of a servlet, which has its own form");
    }
    return ServerForm.of(installed, server);
  }

  private static RestResponse<String> shown(PageRequest page, InstallationForm form) {
    return page.answer(ToolTemplates.CURRENT, form.template());
  }

  private RestResponse<String> saved(PageRequest page, InstallationForm form)
      throws InterruptedException {
    SentForm sent = page.form();
    InstallationView installed = form.installed();
    try {
      InstallationRequest request = form.request(sent);
      InstallationView saved =
          installed == null
              ? installations.install(page.caller(), page.profile(), request)
              : installations.update(
                  page.caller(), page.profile(), installed.name(), request, false);
      String address = PagePaths.tool(page.home(), saved.name());
      boolean hasTools = !ToolLine.of(saved, json).isEmpty();
      return page.redirect(
          installed == null && saved.mcp() != null && hasTools ? address + "/choice" : address);
    } catch (ApiException e) {
      return page.answer(
          e.code().status(), ToolTemplates.CURRENT, form.refused(sent, e).template());
    }
  }
}
