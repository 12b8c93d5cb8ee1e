package dev.errand.adapters.console.settings;

import dev.errand.adapters.console.page.Console;
import dev.errand.adapters.console.page.ConsoleLayout;
import dev.errand.adapters.console.page.ListPart;
import dev.errand.adapters.console.page.PagePaths;
import dev.errand.adapters.console.page.PageRequest;
import dev.errand.adapters.console.page.PageTime;
import dev.errand.adapters.console.page.Texts;
import dev.errand.adapters.console.settings.GrantPageView.Line;
import dev.errand.base.http.Paging;
import dev.errand.identity.oauth.GrantView;
import dev.errand.identity.oauth.Grants;
import io.quarkus.qute.CheckedTemplate;
import io.quarkus.qute.TemplateInstance;
import io.smallrye.common.annotation.RunOnVirtualThread;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.UriInfo;
import java.util.List;
import java.util.Map;
import org.jboss.resteasy.reactive.RestForm;
import org.jboss.resteasy.reactive.RestPath;
import org.jboss.resteasy.reactive.RestQuery;
import org.jboss.resteasy.reactive.RestResponse;
import org.jspecify.annotations.Nullable;

/** The page with the user's grants to clients, such as chats. */
@Path("/console/{user}/{profile}/settings/grants")
@Produces(MediaType.TEXT_HTML)
@RunOnVirtualThread
public class GrantPageResource {
  // Kinds of clients that a document of their site, or an admin, has verified.
  private static final String OWN_WORD = "registered";

  private final Console console;
  private final Grants grants;

  GrantPageResource(Console console, Grants grants) {
    this.console = console;
    this.grants = grants;
  }

  @CheckedTemplate(basePath = "console")
  static final class Templates {
    private Templates() {}

    static native TemplateInstance grants(ConsoleLayout layout, GrantPageView view);
  }

  /** The page. */
  @GET
  public RestResponse<String> get(
      @RestPath String user,
      @RestPath String profile,
      @RestQuery(Paging.CURSOR) @Nullable String cursor) {
    PageRequest visit = console.visit(user, profile, SettingsResource.CURRENT);
    ListPart<GrantView> shown =
        ListPart.of(
            grants.list(visit.caller()),
            grant -> grant.id().toString(),
            cursor,
            next -> address(visit) + PagePaths.query(Map.of(Paging.CURSOR, next)));
    return console.answer(
        visit,
        Templates.grants(
            visit.layout(),
            new GrantPageView(
                shown.items().stream().map(grant -> line(visit, grant)).toList(), shown.next())));
  }

  /** Ends a grant. */
  @POST
  @Path("{grant}/end")
  @Consumes(MediaType.APPLICATION_FORM_URLENCODED)
  public RestResponse<String> end(
      @RestPath String user,
      @RestPath String profile,
      @RestPath String grant,
      @RestForm @Nullable String ticket,
      @Context UriInfo uri) {
    PageRequest visit = console.change(user, profile, SettingsResource.CURRENT, ticket);
    grants.end(visit.caller(), grant);
    return console.redirect(address(visit), uri);
  }

  private static Line line(PageRequest visit, GrantView grant) {
    List<String> profiles = grant.profiles();
    return new Line(
        grant.client().name(),
        !grant.client().kind().equals(OWN_WORD),
        address(visit) + "/" + grant.id() + "/end",
        String.join(", ", grant.scopes()),
        profiles == null ? "" : Texts.few(profiles),
        PageTime.of(grant.createdAt()),
        PageTime.orNull(grant.lastUsedAt()),
        PageTime.of(grant.expiresAt()));
  }

  private static String address(PageRequest visit) {
    return visit.layout().home() + "/settings/grants";
  }
}
