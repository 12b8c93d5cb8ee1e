package dev.errand.adapters.console.tool;

import dev.errand.adapters.console.page.Console;
import dev.errand.adapters.console.page.ConsoleLayout;
import dev.errand.adapters.console.page.PagePaths;
import dev.errand.adapters.console.page.PageRequest;
import dev.errand.adapters.console.page.Refusal;
import dev.errand.base.error.ApiException;
import dev.errand.tools.install.InstallationRequest;
import dev.errand.tools.install.InstallationService;
import dev.errand.tools.install.InstallationView;
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

/** The pages with the form of an installation of a servlet. */
@Path("/console/{user}/{profile}")
@Produces(MediaType.TEXT_HTML)
@RunOnVirtualThread
public class ServletFormResource {
  private static final String CURRENT = InstallationPageResource.CURRENT;

  private final Console console;
  private final InstallationService installations;
  private final ServletForm forms;

  ServletFormResource(Console console, InstallationService installations, ServletForm forms) {
    this.console = console;
    this.installations = installations;
    this.forms = forms;
  }

  @CheckedTemplate(basePath = "console")
  static final class Templates {
    private Templates() {}

    static native TemplateInstance servletForm(ConsoleLayout layout, ServletFormView form);
  }

  /** The form that installs a servlet. */
  @GET
  @Path("install/{owner}/{servlet}")
  public RestResponse<String> ask(
      @RestPath String user,
      @RestPath String profile,
      @RestPath String owner,
      @RestPath String servlet) {
    PageRequest visit = console.visit(user, profile, CURRENT);
    visit.requireEditor("Tools");
    return console.answer(
        visit, Templates.servletForm(visit.layout(), forms.empty(visit, owner, servlet)));
  }

  /** Installs a servlet. */
  @POST
  @Path("install/{owner}/{servlet}")
  @Consumes(MediaType.APPLICATION_FORM_URLENCODED)
  public RestResponse<String> install(
      @RestPath String user,
      @RestPath String profile,
      @RestPath String owner,
      @RestPath String servlet,
      MultivaluedMap<String, String> fields,
      @Context UriInfo uri)
      throws InterruptedException {
    PageRequest visit = console.change(user, profile, CURRENT, fields.getFirst("ticket"));
    visit.requireEditor("Tools");
    SentForm sent = new SentForm(fields);
    ServletFormView form = forms.empty(visit, owner, servlet);
    try {
      InstallationView made =
          installations.install(visit.caller(), visit.profile(), forms.installation(form, sent));
      return console.redirect(PagePaths.tool(visit.layout().home(), made.name()), uri);
    } catch (ApiException e) {
      return refused(visit, e, form, sent);
    }
  }

  /** The form of an installation. */
  @GET
  @Path("tools/{name}/edit")
  public RestResponse<String> edit(
      @RestPath String user, @RestPath String profile, @RestPath String name) {
    PageRequest visit = console.visit(user, profile, CURRENT);
    visit.requireEditor("Tools");
    InstallationView found = servlet(visit, name);
    return console.answer(visit, Templates.servletForm(visit.layout(), forms.of(visit, found)));
  }

  /** Changes an installation. */
  @POST
  @Path("tools/{name}/edit")
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
    InstallationView found = servlet(visit, name);
    ServletFormView form = forms.of(visit, found);
    try {
      InstallationRequest wanted = forms.changes(found, form, sent);
      InstallationView now =
          installations.update(visit.caller(), visit.profile(), name, wanted, false);
      return console.redirect(PagePaths.tool(visit.layout().home(), now.name()), uri);
    } catch (ApiException e) {
      return refused(visit, e, form, sent);
    }
  }

  private InstallationView servlet(PageRequest visit, String name) {
    InstallationView found = installations.get(visit.caller(), visit.profile(), name);
    if (found.mcp() != null) {
      throw ApiException.invalid("name", "is the name of a remote server, which has its own form");
    }
    return found;
  }

  private RestResponse<String> refused(
      PageRequest visit, ApiException refusal, ServletFormView form, SentForm sent) {
    return console.answer(
        refusal.code().status(),
        visit,
        Templates.servletForm(
            visit.layout(), ServletForm.refused(form, sent, Refusal.of(refusal))));
  }
}
