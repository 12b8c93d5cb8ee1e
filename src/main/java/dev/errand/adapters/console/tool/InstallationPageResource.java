package dev.errand.adapters.console.tool;

import dev.errand.adapters.console.page.ListPart;
import dev.errand.adapters.console.page.PageRequest;
import dev.errand.base.error.ApiException;
import dev.errand.base.http.Paging;
import dev.errand.base.http.Paging.Listed;
import dev.errand.base.http.QueryNumber;
import dev.errand.base.json.Json;
import dev.errand.identity.page.PagePaths;
import dev.errand.tools.install.ConnectService;
import dev.errand.tools.install.InstallationRequest;
import dev.errand.tools.install.InstallationService;
import dev.errand.tools.install.InstallationView;
import dev.errand.tools.install.RemoteChecks;
import dev.errand.tools.servlet.registry.ServletCatalogue;
import io.smallrye.common.annotation.RunOnVirtualThread;
import jakarta.ws.rs.DefaultValue;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jboss.resteasy.reactive.RestForm;
import org.jboss.resteasy.reactive.RestPath;
import org.jboss.resteasy.reactive.RestQuery;
import org.jboss.resteasy.reactive.RestResponse;
import org.jspecify.annotations.Nullable;

/** The installations of a profile, and the page of one with its buttons. */
@Path("/console/{user}/{profile}/tools")
@Produces(MediaType.TEXT_HTML)
@RunOnVirtualThread
public class InstallationPageResource {
  private static final int LINES = 50;
  private static final int MOST_TOOLS = 10_000;

  private final InstallationService installations;
  private final RemoteChecks checks;
  private final ConnectService connections;
  private final Json json;

  InstallationPageResource(
      InstallationService installations,
      RemoteChecks checks,
      ConnectService connections,
      Json json) {
    this.installations = installations;
    this.checks = checks;
    this.connections = connections;
    this.json = json;
  }

  /** What is installed in the profile. */
  @GET
  public RestResponse<String> list(
      PageRequest page, @RestQuery(Paging.CURSOR) @Nullable String cursor) {
    Paging.Part part = Paging.Part.of(Integer.toString(LINES), cursor);
    Listed<InstallationView> read =
        Objects.requireNonNull(
            installations
                .list(page.caller(), page.profile(), part.after(), part.limit(), change -> false)
                .installs());
    ListPart<InstallationView> shown =
        ListPart.of(read, InstallationView::name, ListPart.at(page.home() + "/tools"));
    List<InstallationLine> lines =
        shown.items().stream().map(each -> InstallationLine.of(each, json)).toList();
    return page.answer(
        ToolTemplates.CURRENT, ToolTemplates.tools(new ListPart<>(lines, shown.next())));
  }

  /** The page of an installation. */
  @GET
  @Path("{name}")
  public RestResponse<String> get(
      PageRequest page, @RestPath String name, @RestQuery @DefaultValue("0") String from) {
    InstallationView installation =
        page.showing(installations.get(page.caller(), page.profile(), name));
    InstallationPageView view =
        InstallationPageView.of(
            page, installation, QueryNumber.of("from", from, 0, MOST_TOOLS), json);
    return page.answer(ToolTemplates.CURRENT, ToolTemplates.installation(view));
  }

  /** Switches a tool on or off. */
  @POST
  @Path("{name}/switch")
  public RestResponse<String> flip(
      PageRequest page,
      @RestPath String name,
      @RestForm @Nullable String tool,
      @RestForm @DefaultValue("true") boolean on)
      throws InterruptedException {
    if (tool == null) {
      throw ApiException.invalid("tool", "is required: the name of a tool");
    }
    InstallationView installation = installations.get(page.caller(), page.profile(), name);
    List<String> chosen = installation.switches().enabled();
    List<String> off = new ArrayList<>(installation.disabledTools());
    off.remove(tool);
    List<@Nullable String> enabled = null;
    if (chosen == null) {
      if (!on) {
        off.add(tool);
      }
    } else {
      enabled = new ArrayList<>(chosen);
      enabled.remove(tool);
      if (on) {
        enabled.add(tool);
      }
    }
    return changed(
        page,
        name,
        new InstallationRequest(null, null, null, null, enabled, off, null, null, null));
  }

  /** Updates it to the newest version of its servlet. */
  @POST
  @Path("{name}/update")
  public RestResponse<String> update(PageRequest page, @RestPath String name)
      throws InterruptedException {
    return changed(
        page,
        name,
        new InstallationRequest(
            null, null, null, ServletCatalogue.LATEST, null, null, null, null, null));
  }

  /** Uninstalls it. */
  @POST
  @Path("{name}/uninstall")
  public RestResponse<String> uninstall(PageRequest page, @RestPath String name) {
    installations.uninstall(page.caller(), page.profile(), name);
    return page.redirect(page.home() + "/tools");
  }

  /** Lists the server's tools now. */
  @POST
  @Path("{name}/refresh")
  public RestResponse<String> refresh(PageRequest page, @RestPath String name)
      throws InterruptedException {
    checks.refresh(page.caller(), page.profile(), name);
    return back(page, name);
  }

  /** Pins the tools that the page has shown. */
  @POST
  @Path("{name}/accept")
  public RestResponse<String> accept(
      PageRequest page, @RestPath String name, @RestForm @Nullable String digest) {
    checks.accept(page.caller(), page.profile(), name, digest == null ? "" : digest);
    return back(page, name);
  }

  /** Revokes and deletes its tokens. */
  @POST
  @Path("{name}/disconnect")
  public RestResponse<String> disconnect(PageRequest page, @RestPath String name)
      throws InterruptedException {
    connections.disconnect(page.caller(), page.profile(), name);
    return back(page, name);
  }

  private RestResponse<String> back(PageRequest page, String name) {
    return page.redirect(PagePaths.tool(page.home(), name));
  }

  private RestResponse<String> changed(PageRequest page, String name, InstallationRequest request)
      throws InterruptedException {
    InstallationView changed =
        installations.update(page.caller(), page.profile(), name, request, false);
    return back(page, changed.name());
  }
}
