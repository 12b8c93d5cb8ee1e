package dev.errand.adapters.console.tool;

import dev.errand.adapters.console.page.Console;
import dev.errand.adapters.console.page.ConsoleLayout;
import dev.errand.adapters.console.page.PagePaths;
import dev.errand.adapters.console.page.PageRequest;
import dev.errand.base.error.ApiException;
import dev.errand.base.http.QueryNumber;
import dev.errand.tools.install.InstallationRequest;
import dev.errand.tools.install.InstallationService;
import dev.errand.tools.install.InstallationView;
import dev.errand.tools.servlet.registry.ServletCatalogue;
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
import java.util.ArrayList;
import java.util.List;
import org.jboss.resteasy.reactive.RestForm;
import org.jboss.resteasy.reactive.RestPath;
import org.jboss.resteasy.reactive.RestQuery;
import org.jboss.resteasy.reactive.RestResponse;
import org.jspecify.annotations.Nullable;

/** The page of an installation, and its buttons. */
@Path("/console/{user}/{profile}/tools/{name}")
@Produces(MediaType.TEXT_HTML)
@RunOnVirtualThread
public class InstallationPageResource {
  /** The part of the navigation that the pages of tools belong to. */
  public static final String CURRENT = "tools";

  private static final int MOST_TOOLS = 10_000;

  private final Console console;
  private final InstallationService installations;
  private final InstallationPageViews views;

  InstallationPageResource(
      Console console, InstallationService installations, InstallationPageViews views) {
    this.console = console;
    this.installations = installations;
    this.views = views;
  }

  @CheckedTemplate(basePath = "console")
  static final class Templates {
    private Templates() {}

    static native TemplateInstance installation(ConsoleLayout layout, InstallationPageView view);
  }

  /** The page. */
  @GET
  public RestResponse<String> get(
      @RestPath String user,
      @RestPath String profile,
      @RestPath String name,
      @RestQuery @DefaultValue("0") String from) {
    PageRequest visit = console.visit(user, profile, CURRENT);
    InstallationView found = installations.get(visit.caller(), visit.profile(), name);
    InstallationPageView view = views.of(visit, found, QueryNumber.of("from", from, 0, MOST_TOOLS));
    return console.answer(visit, Templates.installation(visit.layout(), view));
  }

  /** Switches a tool on or off. */
  @POST
  @Path("switch")
  @Consumes(MediaType.APPLICATION_FORM_URLENCODED)
  public RestResponse<String> flip(
      @RestPath String user,
      @RestPath String profile,
      @RestPath String name,
      @RestForm @Nullable String ticket,
      @RestForm @Nullable String tool,
      @RestForm @DefaultValue("true") boolean on,
      @Context UriInfo uri)
      throws InterruptedException {
    PageRequest visit = console.change(user, profile, CURRENT, ticket);
    if (tool == null) {
      throw ApiException.invalid("tool", "is required: the name of a tool");
    }
    InstallationView found = installations.get(visit.caller(), visit.profile(), name);
    List<String> off = new ArrayList<>(found.disabledTools());
    off.remove(tool);
    if (!on) {
      off.add(tool);
    }
    return changed(
        visit, name, new InstallationRequest(null, null, null, null, off, null, null), uri);
  }

  /** Updates it to the newest version of its servlet. */
  @POST
  @Path("update")
  @Consumes(MediaType.APPLICATION_FORM_URLENCODED)
  public RestResponse<String> update(
      @RestPath String user,
      @RestPath String profile,
      @RestPath String name,
      @RestForm @Nullable String ticket,
      @Context UriInfo uri)
      throws InterruptedException {
    PageRequest visit = console.change(user, profile, CURRENT, ticket);
    return changed(
        visit,
        name,
        new InstallationRequest(null, null, null, ServletCatalogue.LATEST, null, null, null),
        uri);
  }

  /** Uninstalls it. */
  @POST
  @Path("uninstall")
  @Consumes(MediaType.APPLICATION_FORM_URLENCODED)
  public RestResponse<String> uninstall(
      @RestPath String user,
      @RestPath String profile,
      @RestPath String name,
      @RestForm @Nullable String ticket,
      @Context UriInfo uri) {
    PageRequest visit = console.change(user, profile, CURRENT, ticket);
    installations.uninstall(visit.caller(), visit.profile(), name);
    return console.redirect(visit.layout().home() + "/tools", uri);
  }

  private RestResponse<String> changed(
      PageRequest visit, String name, InstallationRequest wanted, UriInfo uri)
      throws InterruptedException {
    InstallationView now =
        installations.update(visit.caller(), visit.profile(), name, wanted, false);
    return console.redirect(PagePaths.tool(visit.layout().home(), now.name()), uri);
  }
}
