package dev.errand.adapters.console.tool;

import dev.errand.adapters.console.page.PagePaths;
import dev.errand.adapters.console.page.PageRequest;
import dev.errand.base.error.ApiException;
import dev.errand.tools.install.InstallationService;
import dev.errand.tools.install.InstallationView;
import dev.errand.tools.mcp.McpView;
import io.smallrye.common.annotation.RunOnVirtualThread;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import org.jboss.resteasy.reactive.RestPath;
import org.jboss.resteasy.reactive.RestResponse;

/** The pages with the form of a remote server. */
@Path("/console/{user}/{profile}")
@Produces(MediaType.TEXT_HTML)
@RunOnVirtualThread
public class ServerFormResource {
  private final InstallationService installations;

  ServerFormResource(InstallationService installations) {
    this.installations = installations;
  }

  /** The form that installs a server. */
  @GET
  @Path("install-server")
  public RestResponse<String> ask(PageRequest page) {
    page.requireEditor("Tools");
    return page.answer(ToolTemplates.CURRENT, ToolTemplates.serverForm(ServerForm.empty()));
  }

  /** Installs a server, and lists its tools. */
  @POST
  @Path("install-server")
  public RestResponse<String> install(PageRequest page) throws InterruptedException {
    page.requireEditor("Tools");
    SentForm sent = new SentForm(page.form());
    try {
      InstallationView installed =
          installations.install(page.caller(), page.profile(), ServerForm.installation(sent));
      return page.redirect(PagePaths.tool(page.home(), installed.name()));
    } catch (ApiException e) {
      return refused(page, ServerForm.empty().refused(sent, e), e);
    }
  }

  /** The form of a server. */
  @GET
  @Path("tools/{name}/edit-server")
  public RestResponse<String> edit(PageRequest page, @RestPath String name) {
    page.requireEditor("Tools");
    return page.answer(ToolTemplates.CURRENT, ToolTemplates.serverForm(form(page, name)));
  }

  /** Changes a server. */
  @POST
  @Path("tools/{name}/edit-server")
  public RestResponse<String> change(PageRequest page, @RestPath String name)
      throws InterruptedException {
    page.requireEditor("Tools");
    SentForm sent = new SentForm(page.form());
    ServerForm form = form(page, name);
    try {
      InstallationView changed =
          installations.update(page.caller(), page.profile(), name, form.changes(sent), false);
      return page.redirect(PagePaths.tool(page.home(), changed.name()));
    } catch (ApiException e) {
      return refused(page, form.refused(sent, e), e);
    }
  }

  private ServerForm form(PageRequest page, String name) {
    InstallationView installed = installations.get(page.caller(), page.profile(), name);
    McpView server = installed.mcp();
    if (server == null) {
      throw ApiException.invalid("name", "is the name of a servlet, which has its own form");
    }
    return ServerForm.of(installed, server);
  }

  private static RestResponse<String> refused(
      PageRequest page, ServerForm form, ApiException refusal) {
    return page.answer(
        refusal.code().status(), ToolTemplates.CURRENT, ToolTemplates.serverForm(form));
  }
}
