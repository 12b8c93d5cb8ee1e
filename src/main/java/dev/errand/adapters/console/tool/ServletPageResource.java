package dev.errand.adapters.console.tool;

import dev.errand.adapters.console.page.Excerpt;
import dev.errand.adapters.console.page.PageRequest;
import dev.errand.adapters.console.tool.ServletListView.ServletLine;
import dev.errand.base.http.Paging;
import dev.errand.base.http.Paging.Listed;
import dev.errand.base.http.QueryNumber;
import dev.errand.base.json.Json;
import dev.errand.identity.page.PagePaths;
import dev.errand.tools.install.ServletRemoval;
import dev.errand.tools.servlet.registry.ServletService;
import dev.errand.tools.servlet.registry.ServletService.ServletPage;
import dev.errand.tools.servlet.registry.ServletSummary;
import io.smallrye.common.annotation.RunOnVirtualThread;
import jakarta.ws.rs.DefaultValue;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jboss.resteasy.reactive.RestForm;
import org.jboss.resteasy.reactive.RestPath;
import org.jboss.resteasy.reactive.RestQuery;
import org.jboss.resteasy.reactive.RestResponse;
import org.jspecify.annotations.Nullable;

/** The page on which the registry is searched, and the page of a servlet with its buttons. */
@Path("/console/{user}/{profile}/servlets")
@Produces(MediaType.TEXT_HTML)
@RunOnVirtualThread
public class ServletPageResource {
  private static final String SERVLET = "{owner}/{name}";
  private static final int VERSIONS = 25;
  private static final int LINES = 25;
  private static final int MOST_OFFSET = 1_000_000;
  private static final int LONGEST_QUERY = 200;

  private final ServletService servlets;
  private final ServletRemoval removal;
  private final Json json;

  ServletPageResource(ServletService servlets, ServletRemoval removal, Json json) {
    this.servlets = servlets;
    this.removal = removal;
    this.json = json;
  }

  /** The servlets that match a search. */
  @GET
  public RestResponse<String> search(
      PageRequest page,
      @RestQuery @DefaultValue("") String q,
      @RestQuery @DefaultValue("0") String offset) {
    String query = Excerpt.of(q.strip(), LONGEST_QUERY);
    int first = QueryNumber.of("offset", offset, 0, MOST_OFFSET);
    Listed<ServletSummary> found = servlets.search(page.caller(), query, LINES, first);
    List<ServletLine> lines =
        found.items().stream().map(servlet -> ServletLine.of(servlet, json)).toList();
    ServletListView view =
        new ServletListView(
            query,
            lines,
            first == 0 ? null : address(page, query, Math.max(0, first - LINES)),
            found.hasMore() ? address(page, query, first + lines.size()) : null);
    return page.answer(ToolTemplates.CURRENT, ToolTemplates.servlets(view));
  }

  /** The page of a servlet with its versions. */
  @GET
  @Path(SERVLET)
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
    ServletPage servlet = servlets.get(page.caller(), owner, name, before, VERSIONS);
    return page.answer(
        ToolTemplates.CURRENT,
        ToolTemplates.servlet(
            ServletPageView.of(page, servlet, imports(page, servlet), published, json)));
  }

  /** Yanks a version, or takes that back. */
  @POST
  @Path(SERVLET + "/yank")
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
  @Path(SERVLET + "/delete")
  public RestResponse<String> delete(
      PageRequest page, @RestPath String owner, @RestPath String name) {
    removal.delete(page.caller(), owner, name);
    return page.redirect(page.home() + "/servlets");
  }

  private List<String> imports(PageRequest page, ServletPage servlet) {
    String newest = servlet.servlet().address();
    return newest == null ? List.of() : servlets.imports(page.caller(), newest);
  }

  private static String address(PageRequest page, String query, int offset) {
    Map<String, String> parameters = new LinkedHashMap<>();
    parameters.put("q", query);
    parameters.put("offset", Integer.toString(offset));
    return page.home() + "/servlets" + PagePaths.query(parameters);
  }
}
