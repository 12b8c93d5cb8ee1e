package dev.errand.adapters.console.tool;

import dev.errand.adapters.console.page.PageRequest;
import dev.errand.base.http.Paging;
import dev.errand.base.http.QueryNumber;
import dev.errand.base.json.Json;
import dev.errand.tools.install.ServletRemoval;
import dev.errand.tools.servlet.registry.ServletService;
import dev.errand.tools.servlet.registry.ServletService.ServletPage;
import io.smallrye.common.annotation.RunOnVirtualThread;
import jakarta.ws.rs.DefaultValue;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import java.util.List;
import org.jboss.resteasy.reactive.RestForm;
import org.jboss.resteasy.reactive.RestPath;
import org.jboss.resteasy.reactive.RestQuery;
import org.jboss.resteasy.reactive.RestResponse;
import org.jspecify.annotations.Nullable;

/** The page of a servlet with its versions, and the buttons of its owner. */
@Path("/console/{user}/{profile}/servlets/{owner}/{name}")
@Produces(MediaType.TEXT_HTML)
@RunOnVirtualThread
public class ServletPageResource {
  private static final int VERSIONS = 25;

  private final ServletService servlets;
  private final ServletRemoval removal;
  private final Json json;

  ServletPageResource(ServletService servlets, ServletRemoval removal, Json json) {
    this.servlets = servlets;
    this.removal = removal;
    this.json = json;
  }

  /** The page. */
  @GET
  public RestResponse<String> get(
      PageRequest page,
      @RestPath String owner,
      @RestPath String name,
      @RestQuery @Nullable String published,
      @RestQuery(Paging.CURSOR) @Nullable String cursor) {
    Paging.Part part = Paging.Part.of(Integer.toString(VERSIONS), cursor);
    int before =
        part.after().isEmpty()
            ? Integer.MAX_VALUE
            : QueryNumber.of(Paging.CURSOR, part.after(), 1, Integer.MAX_VALUE);
    ServletPage found = servlets.get(page.caller(), owner, name, before, VERSIONS);
    return page.answer(
        ToolTemplates.CURRENT,
        ToolTemplates.servlet(
            ServletPageView.of(page, found, imports(page, found), published, json)));
  }

  /** Yanks a version, or takes that back. */
  @POST
  @Path("yank")
  public RestResponse<String> yank(
      PageRequest page,
      @RestPath String owner,
      @RestPath String name,
      @RestForm @DefaultValue("") String version,
      @RestForm @DefaultValue("true") boolean yanked) {
    servlets.yank(page.caller(), owner, name, version, yanked);
    return page.redirect(page.home() + "/servlets/" + owner + "/" + name);
  }

  /** Deletes the servlet. */
  @POST
  @Path("delete")
  public RestResponse<String> delete(
      PageRequest page, @RestPath String owner, @RestPath String name) {
    removal.delete(page.caller(), owner, name);
    return page.redirect(page.home() + "/servlets");
  }

  private List<String> imports(PageRequest page, ServletPage found) {
    String newest = found.servlet().address();
    return newest == null ? List.of() : servlets.imports(page.caller(), newest);
  }
}
