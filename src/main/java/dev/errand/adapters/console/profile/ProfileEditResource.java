package dev.errand.adapters.console.profile;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.errand.adapters.console.page.Choice;
import dev.errand.adapters.console.page.Console;
import dev.errand.adapters.console.page.ConsoleLayout;
import dev.errand.adapters.console.page.PageRequest;
import dev.errand.adapters.console.page.Refusal;
import dev.errand.adapters.console.page.Texts;
import dev.errand.base.error.ApiException;
import dev.errand.base.json.Json;
import dev.errand.identity.profile.McpOffer;
import dev.errand.identity.profile.PauseService;
import dev.errand.identity.profile.Profile;
import dev.errand.identity.profile.ProfileService;
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
import jakarta.ws.rs.core.MultivaluedMap;
import jakarta.ws.rs.core.UriInfo;
import java.util.List;
import org.jboss.resteasy.reactive.RestForm;
import org.jboss.resteasy.reactive.RestPath;
import org.jboss.resteasy.reactive.RestResponse;
import org.jspecify.annotations.Nullable;

/** The page that changes, pauses and deletes a profile. */
@Path("/console/{user}/{profile}/settings/profile")
@Produces(MediaType.TEXT_HTML)
@RunOnVirtualThread
public class ProfileEditResource {
  private static final String CURRENT = "settings";
  private static final String NAME = "name";
  private static final String DESCRIPTION = "description";
  private static final String PUBLIC = "is_public";

  private final Console console;
  private final ProfileService profiles;
  private final PauseService pauses;
  private final Json json;

  ProfileEditResource(Console console, ProfileService profiles, PauseService pauses, Json json) {
    this.console = console;
    this.profiles = profiles;
    this.pauses = pauses;
    this.json = json;
  }

  @CheckedTemplate(basePath = "console")
  static final class Templates {
    private Templates() {}

    static native TemplateInstance profile(ConsoleLayout layout, ProfileEditView view);
  }

  /** The page. */
  @GET
  public RestResponse<String> get(@RestPath String user, @RestPath String profile) {
    PageRequest visit = console.visit(user, profile, CURRENT);
    return page(200, visit, view(visit, found(visit), null));
  }

  /** Changes the profile. */
  @POST
  @Consumes(MediaType.APPLICATION_FORM_URLENCODED)
  public RestResponse<String> change(
      @RestPath String user,
      @RestPath String profile,
      MultivaluedMap<String, String> sent,
      @Context UriInfo uri) {
    PageRequest visit = console.change(user, profile, CURRENT, sent.getFirst("ticket"));
    ProfileView changed;
    try {
      changed = profiles.patch(visit.caller(), visit.profile(), patch(visit, sent));
    } catch (ApiException e) {
      if (!visit.layout().mayOwn()) {
        throw e;
      }
      return page(e.code().status(), visit, sent(visit, sent, Refusal.of(e)));
    }
    return console.redirect(
        visit.layout().frame().base()
            + "/"
            + Console.PATH
            + "/"
            + changed.slug()
            + "/settings/profile",
        uri);
  }

  private ObjectNode patch(PageRequest visit, MultivaluedMap<String, String> sent) {
    ObjectNode patch =
        json.object()
            .put(DESCRIPTION, Texts.given(sent.getFirst(DESCRIPTION)))
            .put(PUBLIC, sent.containsKey(PUBLIC));
    if (!visit.profile().name().equals(Profile.DEFAULT)) {
      patch.put(NAME, Texts.given(sent.getFirst(NAME)));
    }
    ObjectNode mcp = patch.putObject("mcp");
    for (Choice offer : offers(new McpOffer(false, false, false))) {
      mcp.put(offer.value(), sent.containsKey(offer.value()));
    }
    return patch;
  }

  /** Pauses the profile, so that no run is started in it. */
  @POST
  @Path("pause")
  @Consumes(MediaType.APPLICATION_FORM_URLENCODED)
  public RestResponse<String> pause(
      @RestPath String user,
      @RestPath String profile,
      @RestForm @Nullable String ticket,
      @Context UriInfo uri) {
    PageRequest visit = console.change(user, profile, CURRENT, ticket);
    var _ = pauses.pause(visit.caller(), visit.profile());
    return console.redirect(address(visit), uri);
  }

  /** Ends the pause, so that runs can be started again. */
  @POST
  @Path("resume")
  @Consumes(MediaType.APPLICATION_FORM_URLENCODED)
  public RestResponse<String> resume(
      @RestPath String user,
      @RestPath String profile,
      @RestForm @Nullable String ticket,
      @Context UriInfo uri) {
    PageRequest visit = console.change(user, profile, CURRENT, ticket);
    var _ = pauses.resume(visit.caller(), visit.profile());
    return console.redirect(address(visit), uri);
  }

  /**
   * Deletes the profile with what is in it.
   *
   * @param force whether its live runs are ended for it
   */
  @POST
  @Path("delete")
  @Consumes(MediaType.APPLICATION_FORM_URLENCODED)
  public RestResponse<String> delete(
      @RestPath String user,
      @RestPath String profile,
      @RestForm @Nullable String ticket,
      @RestForm @Nullable String force,
      @Context UriInfo uri) {
    PageRequest visit = console.change(user, profile, CURRENT, ticket);
    try {
      profiles.delete(visit.caller(), visit.profile(), force != null);
    } catch (ApiException e) {
      if (!visit.layout().mayOwn()) {
        throw e;
      }
      return page(e.code().status(), visit, view(visit, found(visit), Refusal.of(e)));
    }
    return console.redirect(visit.layout().frame().base() + "/" + Console.PATH, uri);
  }

  private ProfileView found(PageRequest visit) {
    return profiles.get(visit.caller(), visit.profile());
  }

  private RestResponse<String> page(int status, PageRequest visit, ProfileEditView view) {
    return console.answer(status, visit, Templates.profile(visit.layout(), view));
  }

  private static ProfileEditView view(
      PageRequest visit, ProfileView found, @Nullable String message) {
    return new ProfileEditView(
        address(visit),
        message,
        found.name().equals(Profile.DEFAULT),
        found.name(),
        found.description(),
        found.isPublic(),
        offers(found.mcp()),
        found.paused());
  }

  private ProfileEditView sent(
      PageRequest visit, MultivaluedMap<String, String> sent, @Nullable String message) {
    ProfileView found = found(visit);
    McpOffer offered =
        new McpOffer(
            sent.containsKey("tasks"), sent.containsKey("tools"), sent.containsKey("manage"));
    return new ProfileEditView(
        address(visit),
        message,
        found.name().equals(Profile.DEFAULT),
        Texts.given(sent.getFirst(NAME)),
        Texts.given(sent.getFirst(DESCRIPTION)),
        sent.containsKey(PUBLIC),
        offers(offered),
        found.paused());
  }

  private static List<Choice> offers(McpOffer offer) {
    return List.of(
        new Choice("tasks", "The tasks", offer.tasks()),
        new Choice("tools", "The tools", offer.tools()),
        new Choice("manage", "Tools that create tasks and schedules", offer.manage()));
  }

  private static String address(PageRequest visit) {
    return visit.layout().home() + "/settings/profile";
  }
}
