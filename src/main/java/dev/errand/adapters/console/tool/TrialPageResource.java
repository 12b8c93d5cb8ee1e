package dev.errand.adapters.console.tool;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.errand.adapters.console.page.Excerpt;
import dev.errand.adapters.console.page.PagePaths;
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
import jakarta.ws.rs.core.MultivaluedMap;
import java.time.Duration;
import java.util.List;
import org.jboss.resteasy.reactive.RestPath;
import org.jboss.resteasy.reactive.RestQuery;
import org.jboss.resteasy.reactive.RestResponse;
import org.jspecify.annotations.Nullable;

/** The page on which a person calls a tool without a model. */
@Path("/console/{user}/{profile}/tools/{name}/try")
@Produces(MediaType.TEXT_HTML)
@RunOnVirtualThread
public class TrialPageResource {
  private static final String CURRENT = InstallationPageResource.CURRENT;
  private static final String TOOL = "tool";
  private static final int LONGEST_DESCRIPTION = 4_000;
  private static final int LONGEST_SCHEMA = 8_000;

  private final InstallationService installations;
  private final ToolTrials trials;
  private final ArgumentForm forms;
  private final Json json;

  TrialPageResource(
      InstallationService installations, ToolTrials trials, ArgumentForm forms, Json json) {
    this.installations = installations;
    this.trials = trials;
    this.forms = forms;
    this.json = json;
  }

  /** A tool of an installation with the fields of its form. */
  private record Found(InstallationView installation, JsonNode tool, List<ArgumentField> fields) {
    String name() {
      return tool.path("name").asText();
    }

    JsonNode schema() {
      return tool.path("inputSchema");
    }
  }

  /** The page. */
  @GET
  public RestResponse<String> get(
      PageRequest page, @RestPath String name, @RestQuery @Nullable String tool) {
    Found found = find(page, name, tool);
    return page.answer(
        CURRENT, ToolTemplates.trial(view(page, found, found.fields(), "", null, null)));
  }

  /** Calls the tool. The page contains its answer, which is not stored. */
  @POST
  public RestResponse<String> call(PageRequest page, @RestPath String name)
      throws InterruptedException {
    MultivaluedMap<String, String> sent = page.form();
    Found found = find(page, name, sent.getFirst(TOOL));
    List<ArgumentField> filled =
        found.fields().stream()
            .map(
                field ->
                    field.with(
                        ArgumentForm.given(sent, ArgumentForm.PREFIX + field.name()).orElse("")))
            .toList();
    String others = ArgumentForm.given(sent, ArgumentForm.OTHERS).orElse("");
    try {
      ObjectNode arguments = forms.arguments(found.fields(), sent);
      long begun = System.nanoTime();
      ToolTrials.ToolTrial trial =
          trials.call(page.caller(), page.profile(), name, found.name(), arguments);
      TrialResult result = TrialResult.of(trial, Duration.ofNanos(System.nanoTime() - begun), json);
      return page.answer(
          CURRENT, ToolTemplates.trial(view(page, found, filled, others, null, result)));
    } catch (ApiException e) {
      if (!page.mayRun()) {
        throw e;
      }
      return page.answer(
          e.code().status(),
          CURRENT,
          ToolTemplates.trial(
              view(page, found, filled, others, String.valueOf(e.getMessage()), null)));
    }
  }

  private Found find(PageRequest page, String name, @Nullable String tool) {
    InstallationView installation = installations.get(page.caller(), page.profile(), name);
    for (JsonNode each : json.tree(installation.servlet().meta().schema().tools())) {
      if (each.path("name").asText().equals(tool)) {
        return new Found(installation, each, forms.fields(each.path("inputSchema")));
      }
    }
    throw new ApiException(
        ErrorCode.TOOL_NOT_FOUND,
        "%s has no tool %s: its page lists its tools."
            .formatted(installation.name(), tool == null ? "without a name" : tool));
  }

  private static TrialView view(
      PageRequest page,
      Found found,
      List<ArgumentField> fields,
      String others,
      @Nullable String message,
      @Nullable TrialResult result) {
    InstallationView installation = found.installation();
    return new TrialView(
        installation.name(),
        PagePaths.tool(page.home(), installation.name()),
        found.name(),
        Excerpt.of(found.tool().path("description").asText(), LONGEST_DESCRIPTION),
        !installation.disabledTools().contains(found.name()),
        Excerpt.of(found.schema().toPrettyString(), LONGEST_SCHEMA),
        fields,
        ArgumentForm.takesOthers(found.schema(), fields),
        others,
        message,
        result);
  }
}
