package dev.errand.adapters.console.tool;

import dev.errand.adapters.console.page.PageRequest;
import dev.errand.base.error.ApiException;
import dev.errand.base.json.Json;
import dev.errand.identity.page.PagePaths;
import dev.errand.tools.install.InstallationService;
import dev.errand.tools.install.InstallationView;
import io.smallrye.common.annotation.RunOnVirtualThread;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import org.jboss.resteasy.reactive.RestPath;
import org.jboss.resteasy.reactive.RestResponse;

/** The page on which editors choose the tools of an installation that are on. */
@Path("/console/{user}/{profile}/tools/{name}/choice")
@Produces(MediaType.TEXT_HTML)
@RunOnVirtualThread
public class ToolChoicePageResource {
  private final InstallationService installations;
  private final Json json;

  ToolChoicePageResource(InstallationService installations, Json json) {
    this.installations = installations;
    this.json = json;
  }

  /** The form with the tools. */
  @GET
  public RestResponse<String> get(PageRequest page, @RestPath String name) {
    return page.answer(ToolTemplates.CURRENT, ToolTemplates.toolChoice(form(page, name)));
  }

  /** Switches the tools that are ticked on, and the others off. */
  @POST
  public RestResponse<String> send(PageRequest page, @RestPath String name)
      throws InterruptedException {
    ToolChoiceForm form = form(page, name).with(page.form());
    try {
      InstallationView changed =
          installations.update(page.caller(), page.profile(), name, form.request(), false);
      return page.redirect(PagePaths.tool(page.home(), changed.name()));
    } catch (ApiException e) {
      return page.answer(
          e.code().status(), ToolTemplates.CURRENT, ToolTemplates.toolChoice(form.refused(e)));
    }
  }

  private ToolChoiceForm form(PageRequest page, String name) {
    page.requireEditor("Tools");
    return ToolChoiceForm.of(installations.get(page.caller(), page.profile(), name), json);
  }
}
