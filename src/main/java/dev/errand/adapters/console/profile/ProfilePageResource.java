package dev.errand.adapters.console.profile;

import dev.errand.adapters.console.page.Excerpt;
import dev.errand.adapters.console.page.ListPart;
import dev.errand.adapters.console.page.PageRequest;
import dev.errand.adapters.console.page.Refusal;
import dev.errand.adapters.console.page.Texts;
import dev.errand.adapters.console.profile.ProfilePageView.ProfileLine;
import dev.errand.base.error.ApiException;
import dev.errand.base.http.Paging;
import dev.errand.identity.profile.ProfileRequest;
import dev.errand.identity.profile.ProfileService;
import dev.errand.identity.profile.ProfileSlug;
import dev.errand.identity.profile.ProfileView;
import io.smallrye.common.annotation.RunOnVirtualThread;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import java.util.List;
import org.jboss.resteasy.reactive.RestForm;
import org.jboss.resteasy.reactive.RestQuery;
import org.jboss.resteasy.reactive.RestResponse;
import org.jspecify.annotations.Nullable;

/** The page with the profiles in which the user has a role, and the form that creates one. */
@Path("/console/{user}/{profile}/profiles")
@Produces(MediaType.TEXT_HTML)
@RunOnVirtualThread
public class ProfilePageResource {
  private static final String CURRENT = "profiles";
  private static final String LINES = "100";
  private static final int LONGEST = 160;

  private final ProfileService profiles;

  ProfilePageResource(ProfileService profiles) {
    this.profiles = profiles;
  }

  /** The page. */
  @GET
  public RestResponse<String> get(
      PageRequest page, @RestQuery(Paging.CURSOR) @Nullable String cursor) {
    return page(200, page, cursor, "", "", null);
  }

  /** Creates a profile of the user. */
  @POST
  public RestResponse<String> make(
      PageRequest page, @RestForm @Nullable String name, @RestForm @Nullable String description) {
    String wanted = Texts.given(name);
    String about = Texts.given(description);
    ProfileView made;
    try {
      made =
          profiles.create(
              page.caller(),
              new ProfileSlug(page.caller().username(), wanted),
              new ProfileRequest(null, about, null, null));
    } catch (ApiException e) {
      return page(e.code().status(), page, null, wanted, about, Refusal.of(e));
    }
    return page.redirect(home(page, made.slug()));
  }

  private RestResponse<String> page(
      int status,
      PageRequest page,
      @Nullable String cursor,
      String name,
      String description,
      @Nullable String message) {
    List<ProfileView> own =
        profiles.listOf(page.caller(), page.caller().username(), Paging.Part.of(LINES, null));
    Paging.Part part = Paging.Part.of(LINES, cursor);
    List<ProfileView> read = profiles.listShared(page.caller(), part);
    ListPart<ProfileView> shared =
        ListPart.first(
            read, part.limit(), ProfileView::slug, ListPart.at(page.home() + "/profiles"));
    return page.answer(
        status,
        CURRENT,
        ProfileTemplates.profiles(
            new ProfilePageView(
                lines(page, own),
                lines(page, shared.items()),
                shared.next(),
                name,
                description,
                message)));
  }

  private static List<ProfileLine> lines(PageRequest page, List<ProfileView> profiles) {
    return profiles.stream()
        .map(
            profile ->
                new ProfileLine(
                    profile.slug(),
                    home(page, profile.slug()),
                    Excerpt.of(profile.description(), LONGEST),
                    profile.role() == null ? "" : profile.role(),
                    profile.slug().equals(page.profile().toString()),
                    profile.paused()))
        .toList();
  }

  private static String home(PageRequest page, String slug) {
    return page.root() + "/" + slug;
  }
}
