package dev.errand.adapters.console.tool;

import dev.errand.adapters.console.page.PageRequest;
import dev.errand.base.error.ApiException;
import dev.errand.base.json.Json;
import dev.errand.identity.page.PagePaths;
import dev.errand.runs.approval.ApprovalPreviewService;
import dev.errand.tools.install.InstallationRequest;
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

/** The page on which editors choose which calls of an installation's tools wait for a person. */
@Path("/console/{user}/{profile}/tools/{name}/approvals")
@Produces(MediaType.TEXT_HTML)
@RunOnVirtualThread
public class ApprovalRulesPageResource {
  private static final String PREVIEW = "preview";

  private final InstallationService installations;
  private final ApprovalPreviewService previews;
  private final Json json;

  ApprovalRulesPageResource(
      InstallationService installations, ApprovalPreviewService previews, Json json) {
    this.installations = installations;
    this.previews = previews;
    this.json = json;
  }

  /** The form with the present rules, or with proposed ones. */
  @GET
  public RestResponse<String> get(PageRequest page, @RestPath String name) {
    return page.answer(ToolTemplates.CURRENT, ToolTemplates.toolApprovals(form(page, name)));
  }

  /** Saves the rules, or says which calls would have waited by them. */
  @POST
  public RestResponse<String> send(PageRequest page, @RestPath String name)
      throws InterruptedException {
    ApprovalRulesForm form = form(page, name).with(page.form());
    try {
      if (page.form().text("show").equals(PREVIEW)) {
        return page.answer(
            ToolTemplates.CURRENT,
            ToolTemplates.toolApprovals(
                form.previewed(
                    previews.preview(page.caller(), page.profile(), name, form.rules()))));
      }
      InstallationView changed =
          installations.update(
              page.caller(),
              page.profile(),
              name,
              new InstallationRequest(null, null, null, null, null, null, form.rules(), null, null),
              false);
      return page.redirect(PagePaths.tool(page.home(), changed.name()));
    } catch (ApiException e) {
      return page.answer(
          e.code().status(), ToolTemplates.CURRENT, ToolTemplates.toolApprovals(form.refused(e)));
    }
  }

  private ApprovalRulesForm form(PageRequest page, String name) {
    page.requireEditor("Tools");
    return ApprovalRulesForm.of(
        page.showing(installations.get(page.caller(), page.profile(), name)), json);
  }
}
