package dev.errand.adapters.console.tool;

import dev.errand.adapters.console.page.PagePaths;
import dev.errand.adapters.console.page.PageRequest;
import dev.errand.base.error.ApiException;
import dev.errand.base.error.ErrorCode;
import dev.errand.tools.install.InstallationService;
import dev.errand.tools.install.InstallationView;
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

/** The pages with the form of an installation of a servlet. */
@Path("/console/{user}/{profile}")
@Produces(MediaType.TEXT_HTML)
@RunOnVirtualThread
public class ServletFormResource {
  private static final int VERSIONS = 20;

  private final InstallationService installations;
  private final ServletService servlets;

  ServletFormResource(InstallationService installations, ServletService servlets) {
    this.installations = installations;
    this.servlets = servlets;
  }

  /** The form that installs a servlet. */
  @GET
  @Path("install/{owner}/{servlet}")
  public RestResponse<String> ask(
      PageRequest page, @RestPath String owner, @RestPath String servlet) {
    page.requireEditor("Tools");
    return page.answer(
        ToolTemplates.CURRENT, ToolTemplates.servletForm(empty(page, owner, servlet)));
  }

  /** Installs a servlet. */
  @POST
  @Path("install/{owner}/{servlet}")
  public RestResponse<String> install(
      PageRequest page, @RestPath String owner, @RestPath String servlet)
      throws InterruptedException {
    page.requireEditor("Tools");
    SentForm sent = new SentForm(page.form());
    ServletForm form = empty(page, owner, servlet);
    try {
      InstallationView installed =
          installations.install(page.caller(), page.profile(), form.installation(sent));
      return page.redirect(PagePaths.tool(page.home(), installed.name()));
    } catch (ApiException e) {
      return refused(page, form.refused(sent, e), e);
    }
  }

  /** The form of an installation. */
  @GET
  @Path("tools/{name}/edit")
  public RestResponse<String> edit(PageRequest page, @RestPath String name) {
    page.requireEditor("Tools");
    return page.answer(ToolTemplates.CURRENT, ToolTemplates.servletForm(form(page, name)));
  }

  /** Changes an installation. */
  @POST
  @Path("tools/{name}/edit")
  public RestResponse<String> change(PageRequest page, @RestPath String name)
      throws InterruptedException {
    page.requireEditor("Tools");
    SentForm sent = new SentForm(page.form());
    ServletForm form = form(page, name);
    try {
      InstallationView changed =
          installations.update(page.caller(), page.profile(), name, form.changes(sent), false);
      return page.redirect(PagePaths.tool(page.home(), changed.name()));
    } catch (ApiException e) {
      return refused(page, form.refused(sent, e), e);
    }
  }

  private ServletForm empty(PageRequest page, String owner, String servlet) {
    return ServletForm.empty(
        servlets.get(page.caller(), owner, servlet, Integer.MAX_VALUE, VERSIONS).servlet());
  }

  private ServletForm form(PageRequest page, String name) {
    InstallationView installed = installations.get(page.caller(), page.profile(), name);
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

  private static RestResponse<String> refused(
      PageRequest page, ServletForm form, ApiException refusal) {
    return page.answer(
        refusal.code().status(), ToolTemplates.CURRENT, ToolTemplates.servletForm(form));
  }
}
