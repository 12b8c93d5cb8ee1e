package dev.errand.adapters.console.tool;

import dev.errand.adapters.console.page.PagePaths;
import dev.errand.adapters.console.page.PageRequest;
import dev.errand.adapters.console.page.Refusal;
import dev.errand.base.error.ApiException;
import dev.errand.tools.install.InstallationRequest;
import dev.errand.tools.install.InstallationService;
import dev.errand.tools.install.InstallationView;
import io.smallrye.common.annotation.RunOnVirtualThread;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.MultivaluedMap;
import org.jboss.resteasy.reactive.RestPath;
import org.jboss.resteasy.reactive.RestResponse;

/** The pages with the form of an installation of a servlet. */
@Path("/console/{user}/{profile}")
@Produces(MediaType.TEXT_HTML)
@RunOnVirtualThread
public class ServletFormResource {
  private static final String CURRENT = InstallationPageResource.CURRENT;

  private final InstallationService installations;
  private final ServletForm forms;

  ServletFormResource(InstallationService installations, ServletForm forms) {
    this.installations = installations;
    this.forms = forms;
  }

  /** The form that installs a servlet. */
  @GET
  @Path("install/{owner}/{servlet}")
  public RestResponse<String> ask(
      PageRequest page, @RestPath String owner, @RestPath String servlet) {
    page.requireEditor("Tools");
    return page.answer(CURRENT, ToolTemplates.servletForm(forms.empty(page, owner, servlet)));
  }

  /** Installs a servlet. */
  @POST
  @Path("install/{owner}/{servlet}")
  public RestResponse<String> install(
      PageRequest page, @RestPath String owner, @RestPath String servlet)
      throws InterruptedException {
    MultivaluedMap<String, String> fields = page.form();
    page.requireEditor("Tools");
    SentForm sent = new SentForm(fields);
    ServletFormView form = forms.empty(page, owner, servlet);
    try {
      InstallationView made =
          installations.install(page.caller(), page.profile(), forms.installation(form, sent));
      return page.redirect(PagePaths.tool(page.home(), made.name()));
    } catch (ApiException e) {
      return refused(page, e, form, sent);
    }
  }

  /** The form of an installation. */
  @GET
  @Path("tools/{name}/edit")
  public RestResponse<String> edit(PageRequest page, @RestPath String name) {
    page.requireEditor("Tools");
    InstallationView found = servlet(page, name);
    return page.answer(CURRENT, ToolTemplates.servletForm(forms.of(page, found)));
  }

  /** Changes an installation. */
  @POST
  @Path("tools/{name}/edit")
  public RestResponse<String> change(PageRequest page, @RestPath String name)
      throws InterruptedException {
    MultivaluedMap<String, String> fields = page.form();
    page.requireEditor("Tools");
    SentForm sent = new SentForm(fields);
    InstallationView found = servlet(page, name);
    ServletFormView form = forms.of(page, found);
    try {
      InstallationRequest wanted = forms.changes(found, form, sent);
      InstallationView now =
          installations.update(page.caller(), page.profile(), name, wanted, false);
      return page.redirect(PagePaths.tool(page.home(), now.name()));
    } catch (ApiException e) {
      return refused(page, e, form, sent);
    }
  }

  private InstallationView servlet(PageRequest page, String name) {
    InstallationView found = installations.get(page.caller(), page.profile(), name);
    if (found.mcp() != null) {
      throw ApiException.invalid("name", "is the name of a remote server, which has its own form");
    }
    return found;
  }

  private RestResponse<String> refused(
      PageRequest page, ApiException refusal, ServletFormView form, SentForm sent) {
    return page.answer(
        refusal.code().status(),
        CURRENT,
        ToolTemplates.servletForm(ServletForm.refused(form, sent, Refusal.of(refusal))));
  }
}
