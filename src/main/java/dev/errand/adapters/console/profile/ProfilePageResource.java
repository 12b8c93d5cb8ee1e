package dev.errand.adapters.console.profile;

import dev.errand.adapters.console.page.Console;
import dev.errand.adapters.console.page.ConsoleLayout;
import dev.errand.adapters.console.page.Excerpt;
import dev.errand.adapters.console.page.PagePaths;
import dev.errand.adapters.console.page.PageRequest;
import dev.errand.adapters.console.page.Refusal;
import dev.errand.adapters.console.page.Texts;
import dev.errand.adapters.console.profile.ProfilePageView.Line;
import dev.errand.base.error.ApiException;
import dev.errand.base.http.Paging;
import dev.errand.identity.profile.ProfileRequest;
import dev.errand.identity.profile.ProfileService;
import dev.errand.identity.profile.ProfileSlug;
import dev.errand.identity.profile.ProfileView;
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

/** The page with the profiles in which the user has a role, and the form that creates one. */
@Path("/console/{user}/{profile}/profiles")
@Produces(MediaType.TEXT_HTML)
@RunOnVirtualThread
public class ProfilePageResource {
  private static final String CURRENT = "profiles";
  private static final String LINES = "100";
  private static final int LONGEST = 160;

  private final Console console;
  private final ProfileService profiles;

  ProfilePageResource(Console console, ProfileService profiles) {
    this.console = console;
    this.profiles = profiles;
  }

  @CheckedTemplate(basePath = "console")
  static final class Templates {
    private Templates() {}

    static native TemplateInstance profiles(ConsoleLayout layout, ProfilePageView view);
  }

  /** The page. */
  @GET
  public RestResponse<String> get(
      @RestPath String user,
      @RestPath String profile,
      @RestQuery(Paging.CURSOR) @Nullable String cursor) {
    PageRequest visit = console.visit(user, profile, CURRENT);
    return page(200, visit, cursor, "", "", null);
  }

  /** Creates a profile of the user. */
  @POST
  @Consumes(MediaType.APPLICATION_FORM_URLENCODED)
  public RestResponse<String> make(
      @RestPath String user,
      @RestPath String profile,
      @RestForm @Nullable String ticket,
      @RestForm @Nullable String name,
      @RestForm @Nullable String description,
      @Context UriInfo uri) {
    PageRequest visit = console.change(user, profile, CURRENT, ticket);
    String wanted = Texts.given(name);
    String about = Texts.given(description);
    ProfileView made;
    try {
      made =
          profiles.create(
              visit.caller(),
              new ProfileSlug(visit.caller().username(), wanted),
              new ProfileRequest(null, about, null, null));
    } catch (ApiException e) {
      return page(e.code().status(), visit, null, wanted, about, Refusal.of(e));
    }
    return console.redirect(home(visit, made.slug()), uri);
  }

  private RestResponse<String> page(
      int status,
      PageRequest visit,
      @Nullable String cursor,
      String name,
      String description,
      @Nullable String message) {
    List<ProfileView> own =
        profiles.listOf(visit.caller(), visit.caller().username(), Paging.Part.of(LINES, null));
    Paging.Part part = Paging.Part.of(LINES, cursor);
    List<ProfileView> read = profiles.listShared(visit.caller(), part);
    List<ProfileView> shared = read.subList(0, Math.min(part.limit(), read.size()));
    String next =
        read.size() > shared.size()
            ? visit.layout().home()
                + "/profiles"
                + PagePaths.query(
                    Map.of(Paging.CURSOR, Paging.cursorAfter(shared.getLast().slug())))
            : null;
    return console.answer(
        status,
        visit,
        Templates.profiles(
            visit.layout(),
            new ProfilePageView(
                lines(visit, own), lines(visit, shared), next, name, description, message)));
  }

  private static List<Line> lines(PageRequest visit, List<ProfileView> profiles) {
    return profiles.stream()
        .map(
            profile ->
                new Line(
                    profile.slug(),
                    home(visit, profile.slug()),
                    Excerpt.of(profile.description(), LONGEST),
                    profile.role() == null ? "" : profile.role(),
                    profile.slug().equals(visit.layout().profile()),
                    profile.paused()))
        .toList();
  }

  private static String home(PageRequest visit, String slug) {
    return visit.layout().frame().base() + "/" + Console.PATH + "/" + slug;
  }
}
