package dev.errand.adapters.console.profile;

import dev.errand.adapters.console.page.Choice;
import dev.errand.adapters.console.page.ListPart;
import dev.errand.adapters.console.page.PageRequest;
import dev.errand.adapters.console.page.PageTime;
import dev.errand.adapters.console.page.Refusal;
import dev.errand.adapters.console.page.Texts;
import dev.errand.adapters.console.profile.MemberPageView.MemberLine;
import dev.errand.adapters.console.settings.SettingsResource;
import dev.errand.base.error.ApiException;
import dev.errand.base.http.Paging;
import dev.errand.base.http.PublicUrl;
import dev.errand.identity.profile.MemberRequest;
import dev.errand.identity.profile.MemberService;
import dev.errand.identity.profile.MemberView;
import dev.errand.identity.profile.ProfileRole;
import io.smallrye.common.annotation.RunOnVirtualThread;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import java.util.List;
import java.util.stream.Stream;
import org.jboss.resteasy.reactive.RestForm;
import org.jboss.resteasy.reactive.RestPath;
import org.jboss.resteasy.reactive.RestQuery;
import org.jboss.resteasy.reactive.RestResponse;
import org.jspecify.annotations.Nullable;

/** The page with the members of a profile, and the forms by which owners change them. */
@Path("/console/{user}/{profile}/settings/members")
@Produces(MediaType.TEXT_HTML)
@RunOnVirtualThread
public class MemberPageResource {
  private final MemberService members;

  MemberPageResource(MemberService members) {
    this.members = members;
  }

  /** The page. */
  @GET
  public RestResponse<String> get(
      PageRequest page, @RestQuery(Paging.CURSOR) @Nullable String cursor) {
    return page(200, page, cursor, "", "", null);
  }

  /** Shares the profile with a user, or changes the user's role. */
  @POST
  public RestResponse<String> put(
      PageRequest page, @RestForm @Nullable String member, @RestForm @Nullable String role) {
    String name = Texts.given(member);
    String wanted = Texts.given(role);
    try {
      members.put(page.caller(), page.profile(), name, new MemberRequest(wanted));
    } catch (ApiException e) {
      if (!page.mayOwn()) {
        throw e;
      }
      return page(e.code().status(), page, null, name, wanted, Refusal.of(e));
    }
    return page.redirect(address(page));
  }

  /**
   * Stops sharing the profile with a user. A user who leaves it is redirected to another profile.
   */
  @POST
  @Path("{member}/remove")
  public RestResponse<String> remove(PageRequest page, @RestPath String member) {
    members.delete(page.caller(), page.profile(), member);
    return page.redirect(page.caller().is(member) ? page.root() : address(page));
  }

  private RestResponse<String> page(
      int status,
      PageRequest page,
      @Nullable String cursor,
      String name,
      String role,
      @Nullable String message) {
    ListPart<MemberView> shown =
        ListPart.of(
            members.list(page.caller(), page.profile()),
            MemberView::user,
            cursor,
            ListPart.at(address(page)));
    return page.answer(
        status,
        SettingsResource.CURRENT,
        ProfileTemplates.members(
            new MemberPageView(
                shown.items().stream().map(member -> line(page, member)).toList(),
                shown.next(),
                name,
                roles(role.isEmpty() ? ProfileRole.VIEWER.code() : role),
                message)));
  }

  private static MemberLine line(PageRequest page, MemberView member) {
    boolean stays = member.user().equals(page.profile().user());
    return new MemberLine(
        member.user(),
        member.role(),
        PageTime.of(member.createdAt()),
        address(page) + "/" + PublicUrl.encoded(member.user()) + "/remove",
        page.mayOwn() && !stays ? roles(member.role()) : List.of(),
        !stays && page.caller().is(member.user()));
  }

  private static List<Choice> roles(String chosen) {
    return Stream.of(ProfileRole.values())
        .map(ProfileRole::code)
        .map(code -> new Choice(code, code, code.equals(chosen)))
        .toList();
  }

  private static String address(PageRequest page) {
    return page.home() + "/settings/members";
  }
}
