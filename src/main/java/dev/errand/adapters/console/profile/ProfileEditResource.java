package dev.errand.adapters.console.profile;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.errand.adapters.console.page.Choice;
import dev.errand.adapters.console.page.PageRequest;
import dev.errand.adapters.console.page.Refusal;
import dev.errand.adapters.console.page.SentForm;
import dev.errand.adapters.console.settings.SettingsResource;
import dev.errand.base.error.ApiException;
import dev.errand.base.json.Json;
import dev.errand.identity.profile.McpOffer;
import dev.errand.identity.profile.PauseService;
import dev.errand.identity.profile.Profile;
import dev.errand.identity.profile.ProfileService;
import dev.errand.identity.profile.ProfileView;
import io.smallrye.common.annotation.RunOnVirtualThread;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import java.util.List;
import org.jboss.resteasy.reactive.RestForm;
import org.jboss.resteasy.reactive.RestResponse;
import org.jspecify.annotations.Nullable;

/** The page that changes, pauses and deletes a profile. */
@Path("/console/{user}/{profile}/settings/profile")
@Produces(MediaType.TEXT_HTML)
@RunOnVirtualThread
public class ProfileEditResource {
  private static final String NAME = "name";
  private static final String DESCRIPTION = "description";
  private static final String PUBLIC = "is_public";

  private final ProfileService profiles;
  private final PauseService pauses;
  private final Json json;

  ProfileEditResource(ProfileService profiles, PauseService pauses, Json json) {
    this.profiles = profiles;
    this.pauses = pauses;
    this.json = json;
  }

  /** The page. */
  @GET
  public RestResponse<String> get(PageRequest page) {
    return page(200, page, view(page, found(page), null));
  }

  /** Changes the profile. */
  @POST
  public RestResponse<String> change(PageRequest page) {
    SentForm sent = page.form();
    ProfileView changed;
    try {
      changed = profiles.patch(page.caller(), page.profile(), patch(page, sent));
    } catch (ApiException e) {
      if (!page.mayOwn()) {
        throw e;
      }
      return page(e.code().status(), page, sent(page, sent, Refusal.of(e)));
    }
    return page.redirect(page.root() + "/" + changed.slug() + "/settings/profile");
  }

  private ObjectNode patch(PageRequest page, SentForm sent) {
    ObjectNode patch =
        json.object().put(DESCRIPTION, sent.text(DESCRIPTION)).put(PUBLIC, sent.has(PUBLIC));
    if (!page.profile().name().equals(Profile.DEFAULT)) {
      patch.put(NAME, sent.line(NAME));
    }
    ObjectNode mcp = patch.putObject("mcp");
    for (Choice offer : offers(new McpOffer(false, false, false))) {
      mcp.put(offer.value(), sent.has(offer.value()));
    }
    return patch;
  }

  /** Pauses the profile, so that no run is started in it. */
  @POST
  @Path("pause")
  public RestResponse<String> pause(PageRequest page) {
    var _ = pauses.pause(page.caller(), page.profile());
    return page.redirect(address(page));
  }

  /** Ends the pause, so that runs can be started again. */
  @POST
  @Path("resume")
  public RestResponse<String> resume(PageRequest page) {
    var _ = pauses.resume(page.caller(), page.profile());
    return page.redirect(address(page));
  }

  /**
   * Deletes the profile with what is in it.
   *
   * @param force whether its live runs are ended for it
   */
  @POST
  @Path("delete")
  public RestResponse<String> delete(PageRequest page, @RestForm @Nullable String force) {
    try {
      profiles.delete(page.caller(), page.profile(), force != null);
    } catch (ApiException e) {
      if (!page.mayOwn()) {
        throw e;
      }
      return page(e.code().status(), page, view(page, found(page), Refusal.of(e)));
    }
    return page.redirect(page.root());
  }

  private ProfileView found(PageRequest page) {
    return page.showing(profiles.get(page.caller(), page.profile()));
  }

  private RestResponse<String> page(int status, PageRequest page, ProfileEditView view) {
    return page.answer(status, SettingsResource.CURRENT, ProfileTemplates.profile(view));
  }

  private static ProfileEditView view(
      PageRequest page, ProfileView found, @Nullable String message) {
    return new ProfileEditView(
        address(page),
        message,
        found.name().equals(Profile.DEFAULT),
        found.name(),
        found.description(),
        found.isPublic(),
        offers(found.mcp()),
        found.paused());
  }

  private ProfileEditView sent(PageRequest page, SentForm sent, @Nullable String message) {
    ProfileView found = found(page);
    McpOffer offered = new McpOffer(sent.has("tasks"), sent.has("tools"), sent.has("manage"));
    return new ProfileEditView(
        address(page),
        message,
        found.name().equals(Profile.DEFAULT),
        sent.line(NAME),
        sent.text(DESCRIPTION),
        sent.has(PUBLIC),
        offers(offered),
        found.paused());
  }

  private static List<Choice> offers(McpOffer offer) {
    return List.of(
        new Choice("tasks", "The tasks", offer.tasks()),
        new Choice("tools", "The tools", offer.tools()),
        new Choice("manage", "Tools that create tasks and schedules", offer.manage()));
  }

  private static String address(PageRequest page) {
    return page.home() + "/settings/profile";
  }
}
