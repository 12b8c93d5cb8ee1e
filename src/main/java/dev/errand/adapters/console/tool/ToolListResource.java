package dev.errand.adapters.console.tool;

import dev.errand.adapters.console.page.ListPart;
import dev.errand.adapters.console.page.PageRequest;
import dev.errand.adapters.console.tool.ToolListView.InstallationLine;
import dev.errand.base.http.Paging;
import dev.errand.base.json.Json;
import dev.errand.tools.install.InstallationService;
import dev.errand.tools.install.InstallationView;
import io.smallrye.common.annotation.RunOnVirtualThread;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import java.util.List;
import java.util.Objects;
import org.jboss.resteasy.reactive.RestQuery;
import org.jboss.resteasy.reactive.RestResponse;
import org.jspecify.annotations.Nullable;

/** The page that lists what is installed in a profile. */
@Path("/console/{user}/{profile}/tools")
@Produces(MediaType.TEXT_HTML)
@RunOnVirtualThread
public class ToolListResource {
  private static final int LINES = 50;

  private final InstallationService installations;
  private final Json json;

  ToolListResource(InstallationService installations, Json json) {
    this.installations = installations;
    this.json = json;
  }

  /** The page. */
  @GET
  public RestResponse<String> list(
      PageRequest page, @RestQuery(Paging.CURSOR) @Nullable String cursor) {
    Paging.Part part = Paging.Part.of(Integer.toString(LINES), cursor);
    List<InstallationView> read =
        Objects.requireNonNull(
            installations
                .list(page.caller(), page.profile(), part.after(), part.read(), change -> false)
                .installs());
    ListPart<InstallationView> shown =
        ListPart.first(read, LINES, InstallationView::name, ListPart.at(page.home() + "/tools"));
    ToolListView view =
        new ToolListView(
            shown.items().stream().map(each -> InstallationLine.of(each, json)).toList(),
            shown.next());
    return page.answer(ToolTemplates.CURRENT, ToolTemplates.tools(view));
  }
}
