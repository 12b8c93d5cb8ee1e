package dev.errand.adapters.console.tool;

import dev.errand.adapters.console.page.Excerpt;
import dev.errand.adapters.console.page.PagePaths;
import dev.errand.adapters.console.page.PageRequest;
import dev.errand.adapters.console.tool.ServletListView.ServletLine;
import dev.errand.base.http.QueryNumber;
import dev.errand.base.json.Json;
import dev.errand.tools.servlet.registry.ServletService;
import dev.errand.tools.servlet.registry.ServletSummary;
import io.smallrye.common.annotation.RunOnVirtualThread;
import jakarta.ws.rs.DefaultValue;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jboss.resteasy.reactive.RestQuery;
import org.jboss.resteasy.reactive.RestResponse;

/** The page on which the registry is searched. */
@Path("/console/{user}/{profile}/servlets")
@Produces(MediaType.TEXT_HTML)
@RunOnVirtualThread
public class ServletListResource {
  private static final int LINES = 25;
  private static final int MOST_OFFSET = 1_000_000;
  private static final int LONGEST_QUERY = 200;

  private final ServletService servlets;
  private final Json json;

  ServletListResource(ServletService servlets, Json json) {
    this.servlets = servlets;
    this.json = json;
  }

  /** The page. */
  @GET
  public RestResponse<String> search(
      PageRequest page,
      @RestQuery @DefaultValue("") String q,
      @RestQuery @DefaultValue("0") String offset) {
    String home = page.home();
    String query = Excerpt.of(q.strip(), LONGEST_QUERY);
    int first = QueryNumber.of("offset", offset, 0, MOST_OFFSET);
    List<ServletSummary> read = servlets.search(page.caller(), query, LINES + 1, first);
    List<ServletLine> lines =
        read.stream().limit(LINES).map(servlet -> ServletLine.of(servlet, json)).toList();
    ServletListView view =
        new ServletListView(
            query,
            lines,
            first == 0 ? null : address(home, query, Math.max(0, first - LINES)),
            read.size() > LINES ? address(home, query, first + LINES) : null);
    return page.answer(ToolTemplates.CURRENT, ToolTemplates.servlets(view));
  }

  private static String address(String home, String query, int offset) {
    Map<String, String> parameters = new LinkedHashMap<>();
    parameters.put("q", query);
    parameters.put("offset", Integer.toString(offset));
    return home + "/servlets" + PagePaths.query(parameters);
  }
}
