package dev.errand.adapters.console.settings;

import dev.errand.adapters.console.page.ListPart;
import dev.errand.adapters.console.page.PageRequest;
import dev.errand.adapters.console.page.PageTime;
import dev.errand.adapters.console.page.Texts;
import dev.errand.adapters.console.settings.GrantPageView.GrantLine;
import dev.errand.base.http.Paging;
import dev.errand.identity.oauth.GrantView;
import dev.errand.identity.oauth.Grants;
import io.smallrye.common.annotation.RunOnVirtualThread;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import java.util.List;
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

  private final Grants grants;

  GrantPageResource(Grants grants) {
    this.grants = grants;
  }

  /** The page. */
  @GET
  public RestResponse<String> get(
      PageRequest page, @RestQuery(Paging.CURSOR) @Nullable String cursor) {
    ListPart<GrantView> shown =
        ListPart.of(
            grants.list(page.caller()),
            grant -> grant.id().toString(),
            cursor,
            ListPart.at(address(page)));
    return page.answer(
        SettingsResource.CURRENT,
        SettingsTemplates.grants(
            new GrantPageView(
                shown.items().stream().map(grant -> line(page, grant)).toList(), shown.next())));
  }

  /** Ends a grant. */
  @POST
  @Path("{grant}/end")
  public RestResponse<String> end(PageRequest page, @RestPath String grant) {
    grants.end(page.caller(), grant);
    return page.redirect(address(page));
  }

  private static GrantLine line(PageRequest page, GrantView grant) {
    List<String> profiles = grant.profiles();
    return new GrantLine(
        grant.client().name(),
        !grant.client().kind().equals(OWN_WORD),
        address(page) + "/" + grant.id() + "/end",
        String.join(", ", grant.scopes()),
        profiles == null ? "" : Texts.few(profiles),
        PageTime.of(grant.createdAt()),
        PageTime.orNull(grant.lastUsedAt()),
        PageTime.of(grant.expiresAt()));
  }

  private static String address(PageRequest page) {
    return page.home() + "/settings/grants";
  }
}
