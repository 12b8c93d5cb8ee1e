package dev.errand.adapters.console.tool;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.errand.adapters.console.page.PageRequest;
import dev.errand.base.error.ApiException;
import dev.errand.base.error.ErrorCode;
import dev.errand.base.json.Json;
import dev.errand.tools.install.InstallationService;
import dev.errand.tools.install.InstallationView;
import dev.errand.tools.install.ToolTrials;
import io.smallrye.common.annotation.RunOnVirtualThread;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import java.time.Duration;
import java.util.List;
import org.jboss.resteasy.reactive.RestForm;
import org.jboss.resteasy.reactive.RestPath;
import org.jboss.resteasy.reactive.RestQuery;
import org.jboss.resteasy.reactive.RestResponse;
import org.jspecify.annotations.Nullable;

/** The page on which a person calls a tool without a model. */
@Path("/console/{user}/{profile}/tools/{name}/try")
@Produces(MediaType.TEXT_HTML)
@RunOnVirtualThread
public class TrialPageResource {
  private final InstallationService installations;
  private final ToolTrials trials;
  private final ArgumentFormReader forms;
  private final Json json;

  TrialPageResource(
      InstallationService installations, ToolTrials trials, ArgumentFormReader forms, Json json) {
    this.installations = installations;
    this.trials = trials;
    this.forms = forms;
    this.json = json;
  }

  /** The page. */
  @GET
  public RestResponse<String> get(
      PageRequest page, @RestPath String name, @RestQuery @Nullable String tool) {
    return page.answer(ToolTemplates.CURRENT, ToolTemplates.trial(view(page, name, tool)));
  }

  /** Calls the tool. The page contains its answer, which is not stored. */
  @POST
  public RestResponse<String> call(
      PageRequest page, @RestPath String name, @RestForm @Nullable String tool)
      throws InterruptedException {
    TrialView empty = view(page, name, tool);
    TrialView view = empty.sent(page.form());
    try {
      ObjectNode arguments = forms.arguments(empty.fields(), page.form());
      long begun = System.nanoTime();
      ToolTrials.ToolTrial trial =
          trials.call(page.caller(), page.profile(), name, view.name(), arguments);
      TrialResult result = TrialResult.of(trial, Duration.ofNanos(System.nanoTime() - begun), json);
      return page.answer(ToolTemplates.CURRENT, ToolTemplates.trial(view.answered(result)));
    } catch (ApiException e) {
      if (!page.mayRun()) {
        throw e;
      }
      return page.answer(
          e.code().status(),
          ToolTemplates.CURRENT,
          ToolTemplates.trial(view.refused(String.valueOf(e.getMessage()))));
    }
  }

  private TrialView view(PageRequest page, String name, @Nullable String tool) {
    InstallationView installation = installations.get(page.caller(), page.profile(), name);
    for (JsonNode declared : json.tree(installation.servlet().meta().schema().tools())) {
      if (declared.path("name").asText().equals(tool)) {
        List<ArgumentField> fields = forms.fields(declared.path("inputSchema"));
        return new TrialView(installation, declared, fields, "", null, null);
      }
    }
    throw new ApiException(
        ErrorCode.TOOL_NOT_FOUND,
        "%s has no tool %s: its page lists its tools."
            .formatted(installation.name(), tool == null ? "without a name" : tool));
  }
}
