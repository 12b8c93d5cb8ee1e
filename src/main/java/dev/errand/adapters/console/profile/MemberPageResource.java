package dev.errand.adapters.console.profile;

import dev.errand.adapters.console.page.Choice;
import dev.errand.adapters.console.page.Console;
import dev.errand.adapters.console.page.ConsoleLayout;
import dev.errand.adapters.console.page.ListPart;
import dev.errand.adapters.console.page.PagePaths;
import dev.errand.adapters.console.page.PageRequest;
import dev.errand.adapters.console.page.PageTime;
import dev.errand.adapters.console.page.Refusal;
import dev.errand.adapters.console.page.Texts;
import dev.errand.adapters.console.profile.MemberPageView.Line;
import dev.errand.base.error.ApiException;
import dev.errand.base.http.Paging;
import dev.errand.identity.profile.MemberRequest;
import dev.errand.identity.profile.MemberService;
import dev.errand.identity.profile.MemberView;
import dev.errand.identity.profile.ProfileRole;
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
  private static final String CURRENT = "settings";

  private final Console console;
  private final MemberService members;

  MemberPageResource(Console console, MemberService members) {
    this.console = console;
    this.members = members;
  }

  @CheckedTemplate(basePath = "console")
  static final class Templates {
    private Templates() {}

    static native TemplateInstance members(ConsoleLayout layout, MemberPageView view);
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

  /** Shares the profile with a user, or changes the user's role. */
  @POST
  @Consumes(MediaType.APPLICATION_FORM_URLENCODED)
  public RestResponse<String> put(
      @RestPath String user,
      @RestPath String profile,
      @RestForm @Nullable String ticket,
      @RestForm @Nullable String member,
      @RestForm @Nullable String role,
      @Context UriInfo uri) {
    PageRequest visit = console.change(user, profile, CURRENT, ticket);
    String name = Texts.given(member);
    String wanted = Texts.given(role);
    try {
      members.put(visit.caller(), visit.profile(), name, new MemberRequest(wanted));
    } catch (ApiException e) {
      if (!visit.layout().mayOwn()) {
        throw e;
      }
      return page(e.code().status(), visit, null, name, wanted, Refusal.of(e));
    }
    return console.redirect(address(visit), uri);
  }

  /**
   * Stops sharing the profile with a user. A user who leaves it is redirected to another profile.
   */
  @POST
  @Path("{member}/remove")
  @Consumes(MediaType.APPLICATION_FORM_URLENCODED)
  public RestResponse<String> remove(
      @RestPath String user,
      @RestPath String profile,
      @RestPath String member,
      @RestForm @Nullable String ticket,
      @Context UriInfo uri) {
    PageRequest visit = console.change(user, profile, CURRENT, ticket);
    members.delete(visit.caller(), visit.profile(), member);
    return console.redirect(
        visit.caller().is(member)
            ? visit.layout().frame().base() + "/" + Console.PATH
            : address(visit),
        uri);
  }

  private RestResponse<String> page(
      int status,
      PageRequest visit,
      @Nullable String cursor,
      String name,
      String role,
      @Nullable String message) {
    ListPart<MemberView> shown =
        ListPart.of(
            members.list(visit.caller(), visit.profile()),
            MemberView::user,
            cursor,
            next -> address(visit) + PagePaths.query(Map.of(Paging.CURSOR, next)));
    return console.answer(
        status,
        visit,
        Templates.members(
            visit.layout(),
            new MemberPageView(
                shown.items().stream().map(member -> line(visit, member)).toList(),
                shown.next(),
                name,
                roles(role.isEmpty() ? ProfileRole.VIEWER.code() : role),
                message)));
  }

  private static Line line(PageRequest visit, MemberView member) {
    boolean stays = member.user().equals(visit.profile().user());
    return new Line(
        member.user(),
        member.role(),
        PageTime.of(member.createdAt()),
        address(visit) + "/" + PagePaths.encoded(member.user()) + "/remove",
        visit.layout().mayOwn() && !stays ? roles(member.role()) : List.of(),
        !stays && visit.caller().is(member.user()));
  }

  private static List<Choice> roles(String chosen) {
    return Stream.of(ProfileRole.values())
        .map(ProfileRole::code)
        .map(code -> new Choice(code, code, code.equals(chosen)))
        .toList();
  }

  private static String address(PageRequest visit) {
    return visit.layout().home() + "/settings/members";
  }
}
