package dev.errand.adapters.console.tool;

import dev.errand.adapters.console.page.PagePaths;
import dev.errand.adapters.console.page.PageRequest;
import dev.errand.adapters.console.page.Refusal;
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
import jakarta.ws.rs.core.MultivaluedMap;
import org.jboss.resteasy.reactive.RestPath;
import org.jboss.resteasy.reactive.RestResponse;

/** The pages with the form of a remote server. */
@Path("/console/{user}/{profile}")
@Produces(MediaType.TEXT_HTML)
@RunOnVirtualThread
public class ServerFormResource {
  private static final String CURRENT = InstallationPageResource.CURRENT;

  private final InstallationService installations;

  ServerFormResource(InstallationService installations) {
    this.installations = installations;
  }

  /** The form that installs a server. */
  @GET
  @Path("install-server")
  public RestResponse<String> ask(PageRequest page) {
    page.requireEditor("Tools");
    return page.answer(CURRENT, ToolTemplates.serverForm(ServerForm.empty(page)));
  }

  /** Installs a server, and lists its tools. */
  @POST
  @Path("install-server")
  public RestResponse<String> install(PageRequest page) throws InterruptedException {
    MultivaluedMap<String, String> fields = page.form();
    page.requireEditor("Tools");
    SentForm sent = new SentForm(fields);
    try {
      InstallationView made =
          installations.install(page.caller(), page.profile(), ServerForm.installation(sent));
      return page.redirect(PagePaths.tool(page.home(), made.name()));
    } catch (ApiException e) {
      return refused(page, e, ServerForm.empty(page), sent);
    }
  }

  /** The form of a server. */
  @GET
  @Path("tools/{name}/edit-server")
  public RestResponse<String> edit(PageRequest page, @RestPath String name) {
    page.requireEditor("Tools");
    return page.answer(CURRENT, ToolTemplates.serverForm(form(page, name)));
  }

  /** Changes a server. */
  @POST
  @Path("tools/{name}/edit-server")
  public RestResponse<String> change(PageRequest page, @RestPath String name)
      throws InterruptedException {
    MultivaluedMap<String, String> fields = page.form();
    page.requireEditor("Tools");
    SentForm sent = new SentForm(fields);
    ServerFormView form = form(page, name);
    try {
      InstallationView now =
          installations.update(
              page.caller(), page.profile(), name, ServerForm.changes(form, sent), false);
      return page.redirect(PagePaths.tool(page.home(), now.name()));
    } catch (ApiException e) {
      return refused(page, e, form, sent);
    }
  }

  private ServerFormView form(PageRequest page, String name) {
    InstallationView found = installations.get(page.caller(), page.profile(), name);
    McpView server = found.mcp();
    if (server == null) {
      throw ApiException.invalid("name", "is the name of a servlet, which has its own form");
    }
    return ServerForm.of(page, found, server);
  }

  private RestResponse<String> refused(
      PageRequest page, ApiException refusal, ServerFormView form, SentForm sent) {
    return page.answer(
        refusal.code().status(),
        CURRENT,
        ToolTemplates.serverForm(ServerForm.refused(form, sent, Refusal.of(refusal))));
  }
}
