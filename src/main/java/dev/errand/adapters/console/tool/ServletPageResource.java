package dev.errand.adapters.console.tool;

import dev.errand.adapters.console.page.Console;
import dev.errand.adapters.console.page.ConsoleLayout;
import dev.errand.adapters.console.page.PageRequest;
import dev.errand.base.http.Paging;
import dev.errand.base.http.QueryNumber;
import dev.errand.tools.install.ServletRemoval;
import dev.errand.tools.servlet.registry.ServletService;
import dev.errand.tools.servlet.registry.ServletService.ServletPage;
import io.quarkus.qute.CheckedTemplate;
import io.quarkus.qute.TemplateInstance;
import io.smallrye.common.annotation.RunOnVirtualThread;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.DefaultValue;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.UriInfo;
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
  private static final String CURRENT = InstallationPageResource.CURRENT;
  private static final int VERSIONS = 25;

  private final Console console;
  private final ServletService servlets;
  private final ServletRemoval removal;
  private final ServletPageViews views;

  ServletPageResource(
      Console console, ServletService servlets, ServletRemoval removal, ServletPageViews views) {
    this.console = console;
    this.servlets = servlets;
    this.removal = removal;
    this.views = views;
  }

  @CheckedTemplate(basePath = "console")
  static final class Templates {
    private Templates() {}

    static native TemplateInstance servlet(ConsoleLayout layout, ServletPageView view);
  }

  /** The page. */
  @GET
  public RestResponse<String> get(
      @RestPath String user,
      @RestPath String profile,
      @RestPath String owner,
      @RestPath String name,
      @RestQuery @Nullable String published,
      @RestQuery(Paging.CURSOR) @Nullable String cursor) {
    PageRequest visit = console.visit(user, profile, CURRENT);
    Paging.Part part = Paging.Part.of(Integer.toString(VERSIONS), cursor);
    int before =
        part.after().isEmpty()
            ? Integer.MAX_VALUE
            : QueryNumber.of(Paging.CURSOR, part.after(), 1, Integer.MAX_VALUE);
    ServletPage found = servlets.get(visit.caller(), owner, name, before, VERSIONS);
    return console.answer(
        visit,
        Templates.servlet(
            visit.layout(), views.of(visit, found, imports(visit, found), published)));
  }

  /** Yanks a version, or takes that back. */
  @POST
  @Path("yank")
  @Consumes(MediaType.APPLICATION_FORM_URLENCODED)
  public RestResponse<String> yank(
      @RestPath String user,
      @RestPath String profile,
      @RestPath String owner,
      @RestPath String name,
      @RestForm @Nullable String ticket,
      @RestForm @DefaultValue("") String version,
      @RestForm @DefaultValue("true") boolean yanked,
      @Context UriInfo uri) {
    PageRequest visit = console.change(user, profile, CURRENT, ticket);
    servlets.yank(visit.caller(), owner, name, version, yanked);
    return console.redirect(visit.layout().home() + "/servlets/" + owner + "/" + name, uri);
  }

  /** Deletes the servlet. */
  @POST
  @Path("delete")
  @Consumes(MediaType.APPLICATION_FORM_URLENCODED)
  public RestResponse<String> delete(
      @RestPath String user,
      @RestPath String profile,
      @RestPath String owner,
      @RestPath String name,
      @RestForm @Nullable String ticket,
      @Context UriInfo uri) {
    PageRequest visit = console.change(user, profile, CURRENT, ticket);
    removal.delete(visit.caller(), owner, name);
    return console.redirect(visit.layout().home() + "/servlets", uri);
  }

  private List<String> imports(PageRequest visit, ServletPage page) {
    String newest = page.servlet().address();
    return newest == null ? List.of() : servlets.imports(visit.caller(), newest);
  }
}
