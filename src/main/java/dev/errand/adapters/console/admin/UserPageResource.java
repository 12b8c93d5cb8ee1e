package dev.errand.adapters.console.admin;

import dev.errand.adapters.console.admin.UserListView.Line;
import dev.errand.adapters.console.admin.UserListView.Made;
import dev.errand.adapters.console.admin.UserListView.UserForm;
import dev.errand.adapters.console.page.Console;
import dev.errand.adapters.console.page.ConsoleLayout;
import dev.errand.adapters.console.page.ListPart;
import dev.errand.adapters.console.page.PagePaths;
import dev.errand.adapters.console.page.PageRequest;
import dev.errand.adapters.console.page.PageTime;
import dev.errand.adapters.console.page.Refusal;
import dev.errand.adapters.console.page.Texts;
import dev.errand.base.error.ApiException;
import dev.errand.base.error.ErrorCode;
import dev.errand.base.http.Paging;
import dev.errand.identity.account.Users;
import dev.errand.identity.user.UserService;
import dev.errand.identity.user.UserView;
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
import java.net.URI;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jboss.resteasy.reactive.RestForm;
import org.jboss.resteasy.reactive.RestPath;
import org.jboss.resteasy.reactive.RestQuery;
import org.jboss.resteasy.reactive.RestResponse;
import org.jspecify.annotations.Nullable;

/** The pages by which admins list, invite, change and delete users. */
@Path("/console/{user}/{profile}/settings/users")
@Produces(MediaType.TEXT_HTML)
@RunOnVirtualThread
public class UserPageResource {
  private final Console console;
  private final UserService users;

  UserPageResource(Console console, UserService users) {
    this.console = console;
    this.users = users;
  }

  @CheckedTemplate(basePath = "console")
  static final class Templates {
    private Templates() {}

    static native TemplateInstance users(ConsoleLayout layout, UserListView view);

    static native TemplateInstance user(ConsoleLayout layout, UserPageView view);
  }

  /** The page with all of them. */
  @GET
  public RestResponse<String> list(
      @RestPath String user,
      @RestPath String profile,
      @RestQuery(Paging.CURSOR) @Nullable String cursor) {
    return list(200, visit(user, profile), cursor, UserForms.empty(), null);
  }

  /** Creates a user. Only this page shows the link of the invitation. */
  @POST
  @Consumes(MediaType.APPLICATION_FORM_URLENCODED)
  public RestResponse<String> make(
      @RestPath String user,
      @RestPath String profile,
      MultivaluedMap<String, String> sent,
      @Context UriInfo uri) {
    PageRequest visit = change(user, profile, sent.getFirst("ticket"));
    String name = Texts.given(sent.getFirst("name"));
    UserView made;
    try {
      if (find(visit, name).isPresent()) {
        throw new ApiException(
            ErrorCode.ALREADY_EXISTS,
            "The user " + name + " already exists: choose another name, or change that user.");
      }
      made = users.put(visit.caller(), name, UserForms.request(sent), uri.getBaseUri()).user();
    } catch (ApiException e) {
      UserForm again = UserForms.refused(name, sent, Refusal.of(e));
      return list(e.code().status(), visit, null, again, null);
    }
    URI link = made.invitationUrl();
    return list(
        201,
        visit,
        null,
        UserForms.empty(),
        new Made(made.username(), link == null ? null : link.toString()));
  }

  /** The page of a user. */
  @GET
  @Path("{name}")
  public RestResponse<String> get(
      @RestPath String user, @RestPath String profile, @RestPath String name) {
    PageRequest visit = visit(user, profile);
    UserView found = require(visit, name);
    return one(200, visit, found, UserForms.of(found), null);
  }

  /** Changes a user. */
  @POST
  @Path("{name}")
  @Consumes(MediaType.APPLICATION_FORM_URLENCODED)
  public RestResponse<String> put(
      @RestPath String user,
      @RestPath String profile,
      @RestPath String name,
      MultivaluedMap<String, String> sent,
      @Context UriInfo uri) {
    PageRequest visit = change(user, profile, sent.getFirst("ticket"));
    UserView found = require(visit, name);
    try {
      users.put(visit.caller(), name, UserForms.request(sent), uri.getBaseUri());
    } catch (ApiException e) {
      UserForm again = UserForms.refused(name, sent, Refusal.of(e));
      return one(e.code().status(), visit, found, again, null);
    }
    return console.redirect(address(visit), uri);
  }

  /** Creates a link by which a person chooses another password. Only this page shows it. */
  @POST
  @Path("{name}/reset")
  @Consumes(MediaType.APPLICATION_FORM_URLENCODED)
  public RestResponse<String> reset(
      @RestPath String user,
      @RestPath String profile,
      @RestPath String name,
      @RestForm @Nullable String ticket,
      @Context UriInfo uri) {
    PageRequest visit = change(user, profile, ticket);
    UserView found = require(visit, name);
    String link = users.resetPassword(visit.caller(), name, uri.getBaseUri()).url().toString();
    return one(200, visit, found, UserForms.of(found), link);
  }

  /** Deletes a user with everything they own. */
  @POST
  @Path("{name}/delete")
  @Consumes(MediaType.APPLICATION_FORM_URLENCODED)
  public RestResponse<String> delete(
      @RestPath String user,
      @RestPath String profile,
      @RestPath String name,
      @RestForm @Nullable String ticket,
      @RestForm @Nullable String force,
      @Context UriInfo uri) {
    PageRequest visit = change(user, profile, ticket);
    UserView found = require(visit, name);
    try {
      users.delete(visit.caller(), name, force != null);
    } catch (ApiException e) {
      UserForm form = UserForms.of(found);
      UserForm again =
          new UserForm(
              form.name(),
              form.roles(),
              form.kinds(),
              form.email(),
              form.disabled(),
              Refusal.of(e));
      return one(e.code().status(), visit, found, again, null);
    }
    return console.redirect(address(visit), uri);
  }

  private PageRequest visit(String user, String profile) {
    PageRequest visit = console.visit(user, profile, AdminPages.CURRENT);
    AdminPages.check(visit);
    return visit;
  }

  private PageRequest change(String user, String profile, @Nullable String ticket) {
    PageRequest visit = console.change(user, profile, AdminPages.CURRENT, ticket);
    AdminPages.check(visit);
    return visit;
  }

  private Optional<UserView> find(PageRequest visit, String name) {
    return users.list(visit.caller()).stream()
        .filter(one -> one.username().equals(name))
        .findFirst();
  }

  private UserView require(PageRequest visit, String name) {
    return find(visit, name).orElseThrow(() -> Users.unknown(name));
  }

  private RestResponse<String> list(
      int status, PageRequest visit, @Nullable String cursor, UserForm form, @Nullable Made made) {
    ListPart<UserView> shown =
        ListPart.of(
            users.list(visit.caller()),
            UserView::username,
            cursor,
            next -> address(visit) + PagePaths.query(Map.of(Paging.CURSOR, next)));
    List<Line> lines =
        shown.items().stream()
            .map(
                user ->
                    new Line(
                        user.username(),
                        address(visit, user.username()),
                        user.role(),
                        user.kind(),
                        user.email(),
                        user.disabled(),
                        PageTime.of(user.createdAt())))
            .toList();
    return console.answer(
        status,
        visit,
        Templates.users(visit.layout(), new UserListView(lines, shown.next(), form, made)));
  }

  private RestResponse<String> one(
      int status, PageRequest visit, UserView user, UserForm form, @Nullable String link) {
    String settings = visit.layout().home() + "/settings/";
    UserPageView view =
        new UserPageView(
            address(visit, user.username()),
            user.kind().equals("person"),
            PageTime.of(user.createdAt()),
            form,
            settings + "tokens" + PagePaths.query(Map.of("service", user.username())),
            settings + "audit" + PagePaths.query(Map.of("actor", user.username())),
            link);
    return console.answer(status, visit, Templates.user(visit.layout(), view));
  }

  private static String address(PageRequest visit) {
    return visit.layout().home() + "/settings/users";
  }

  private static String address(PageRequest visit, String user) {
    return address(visit) + "/" + PagePaths.encoded(user);
  }
}
