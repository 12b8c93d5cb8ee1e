package dev.errand.adapters.console.tool;

import dev.errand.adapters.console.page.Console;
import dev.errand.adapters.console.page.ConsoleLayout;
import dev.errand.adapters.console.page.PagePaths;
import dev.errand.adapters.console.page.PageRequest;
import dev.errand.adapters.console.page.Refusal;
import dev.errand.base.error.ApiException;
import dev.errand.tools.install.InstallationService;
import dev.errand.tools.install.InstallationView;
import dev.errand.tools.mcp.McpView;
import io.quarkus.qute.CheckedTemplate;
import io.quarkus.qute.TemplateInstance;
import io.smallrye.common.annotation.RunOnVirtualThread;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.MultivaluedMap;
import jakarta.ws.rs.core.UriInfo;
import org.jboss.resteasy.reactive.RestPath;
import org.jboss.resteasy.reactive.RestResponse;

/** The pages with the form of a remote server. */
@Path("/console/{user}/{profile}")
@Produces(MediaType.TEXT_HTML)
@RunOnVirtualThread
public class ServerFormResource {
  private static final String CURRENT = InstallationPageResource.CURRENT;

  private final Console console;
  private final InstallationService installations;

  ServerFormResource(Console console, InstallationService installations) {
    this.console = console;
    this.installations = installations;
  }

  @CheckedTemplate(basePath = "console")
  static final class Templates {
    private Templates() {}

    static native TemplateInstance serverForm(ConsoleLayout layout, ServerFormView form);
  }

  /** The form that installs a server. */
  @GET
  @Path("install-server")
  public RestResponse<String> ask(@RestPath String user, @RestPath String profile) {
    PageRequest visit = console.visit(user, profile, CURRENT);
    visit.requireEditor("Tools");
    return console.answer(visit, Templates.serverForm(visit.layout(), ServerForm.empty(visit)));
  }

  /** Installs a server, and lists its tools. */
  @POST
  @Path("install-server")
  @Consumes(MediaType.APPLICATION_FORM_URLENCODED)
  public RestResponse<String> install(
      @RestPath String user,
      @RestPath String profile,
      MultivaluedMap<String, String> fields,
      @Context UriInfo uri)
      throws InterruptedException {
    PageRequest visit = console.change(user, profile, CURRENT, fields.getFirst("ticket"));
    visit.requireEditor("Tools");
    SentForm sent = new SentForm(fields);
    try {
      InstallationView made =
          installations.install(visit.caller(), visit.profile(), ServerForm.installation(sent));
      return console.redirect(PagePaths.tool(visit.layout().home(), made.name()), uri);
    } catch (ApiException e) {
      return refused(visit, e, ServerForm.empty(visit), sent);
    }
  }

  /** The form of a server. */
  @GET
  @Path("tools/{name}/edit-server")
  public RestResponse<String> edit(
      @RestPath String user, @RestPath String profile, @RestPath String name) {
    PageRequest visit = console.visit(user, profile, CURRENT);
    visit.requireEditor("Tools");
    return console.answer(visit, Templates.serverForm(visit.layout(), form(visit, name)));
  }

  /** Changes a server. */
  @POST
  @Path("tools/{name}/edit-server")
  @Consumes(MediaType.APPLICATION_FORM_URLENCODED)
  public RestResponse<String> change(
      @RestPath String user,
      @RestPath String profile,
      @RestPath String name,
      MultivaluedMap<String, String> fields,
      @Context UriInfo uri)
      throws InterruptedException {
    PageRequest visit = console.change(user, profile, CURRENT, fields.getFirst("ticket"));
    visit.requireEditor("Tools");
    SentForm sent = new SentForm(fields);
    ServerFormView form = form(visit, name);
    try {
      InstallationView now =
          installations.update(
              visit.caller(), visit.profile(), name, ServerForm.changes(form, sent), false);
      return console.redirect(PagePaths.tool(visit.layout().home(), now.name()), uri);
    } catch (ApiException e) {
      return refused(visit, e, form, sent);
    }
  }

  private ServerFormView form(PageRequest visit, String name) {
    InstallationView found = installations.get(visit.caller(), visit.profile(), name);
    McpView server = found.mcp();
    if (server == null) {
      throw ApiException.invalid("name", "is the name of a servlet, which has its own form");
    }
    return ServerForm.of(visit, found, server);
  }

  private RestResponse<String> refused(
      PageRequest visit, ApiException refusal, ServerFormView form, SentForm sent) {
    return console.answer(
        refusal.code().status(),
        visit,
        Templates.serverForm(visit.layout(), ServerForm.refused(form, sent, Refusal.of(refusal))));
  }
}
