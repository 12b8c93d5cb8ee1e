package dev.errand.adapters.console.admin;

import dev.errand.adapters.console.admin.UserListView.MadeUser;
import dev.errand.adapters.console.admin.UserListView.UserForm;
import dev.errand.adapters.console.admin.UserListView.UserLine;
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
import io.smallrye.common.annotation.RunOnVirtualThread;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.MultivaluedMap;
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
  private static final String CURRENT = "settings";
  private final UserService users;

  UserPageResource(UserService users) {
    this.users = users;
  }

  /** The page with all of them. */
  @GET
  public RestResponse<String> list(
      PageRequest page, @RestQuery(Paging.CURSOR) @Nullable String cursor) {
    page.requireAdmin();
    return list(200, page, cursor, UserForms.empty(), null);
  }

  /** Creates a user. Only this page shows the link of the invitation. */
  @POST
  public RestResponse<String> make(PageRequest page) {
    page.requireAdmin();
    MultivaluedMap<String, String> sent = page.form();
    String name = Texts.given(sent.getFirst("name"));
    UserView made;
    try {
      if (find(page, name).isPresent()) {
        throw new ApiException(
            ErrorCode.ALREADY_EXISTS,
            "The user " + name + " already exists: choose another name, or change that user.");
      }
      made = users.put(page.caller(), name, UserForms.request(sent), page.service()).user();
    } catch (ApiException e) {
      UserForm again = UserForms.refused(name, sent, Refusal.of(e));
      return list(e.code().status(), page, null, again, null);
    }
    URI link = made.invitationUrl();
    return list(
        201,
        page,
        null,
        UserForms.empty(),
        new MadeUser(made.username(), link == null ? null : link.toString()));
  }

  /** The page of a user. */
  @GET
  @Path("{name}")
  public RestResponse<String> get(PageRequest page, @RestPath String name) {
    page.requireAdmin();
    UserView found = require(page, name);
    return one(200, page, found, UserForms.of(found), null);
  }

  /** Changes a user. */
  @POST
  @Path("{name}")
  public RestResponse<String> put(PageRequest page, @RestPath String name) {
    page.requireAdmin();
    MultivaluedMap<String, String> sent = page.form();
    UserView found = require(page, name);
    try {
      users.put(page.caller(), name, UserForms.request(sent), page.service());
    } catch (ApiException e) {
      UserForm again = UserForms.refused(name, sent, Refusal.of(e));
      return one(e.code().status(), page, found, again, null);
    }
    return page.redirect(address(page));
  }

  /** Creates a link by which a person chooses another password. Only this page shows it. */
  @POST
  @Path("{name}/reset")
  public RestResponse<String> reset(PageRequest page, @RestPath String name) {
    page.requireAdmin();
    UserView found = require(page, name);
    String link = users.resetPassword(page.caller(), name, page.service()).url().toString();
    return one(200, page, found, UserForms.of(found), link);
  }

  /** Deletes a user with everything they own. */
  @POST
  @Path("{name}/delete")
  public RestResponse<String> delete(
      PageRequest page, @RestPath String name, @RestForm @Nullable String force) {
    page.requireAdmin();
    UserView found = require(page, name);
    try {
      users.delete(page.caller(), name, force != null);
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
      return one(e.code().status(), page, found, again, null);
    }
    return page.redirect(address(page));
  }

  private Optional<UserView> find(PageRequest page, String name) {
    return users.list(page.caller()).stream()
        .filter(one -> one.username().equals(name))
        .findFirst();
  }

  private UserView require(PageRequest page, String name) {
    return find(page, name).orElseThrow(() -> Users.unknown(name));
  }

  private RestResponse<String> list(
      int status,
      PageRequest page,
      @Nullable String cursor,
      UserForm form,
      @Nullable MadeUser made) {
    ListPart<UserView> shown =
        ListPart.of(
            users.list(page.caller()), UserView::username, cursor, ListPart.at(address(page)));
    List<UserLine> lines =
        shown.items().stream()
            .map(
                user ->
                    new UserLine(
                        user.username(),
                        address(page, user.username()),
                        user.role(),
                        user.kind(),
                        user.email(),
                        user.disabled(),
                        PageTime.of(user.createdAt())))
            .toList();
    return page.answer(
        status, CURRENT, AdminTemplates.users(new UserListView(lines, shown.next(), form, made)));
  }

  private RestResponse<String> one(
      int status, PageRequest page, UserView user, UserForm form, @Nullable String link) {
    String settings = page.home() + "/settings/";
    UserPageView view =
        new UserPageView(
            address(page, user.username()),
            user.kind().equals("person"),
            PageTime.of(user.createdAt()),
            form,
            settings + "tokens" + PagePaths.query(Map.of("service", user.username())),
            settings + "audit" + PagePaths.query(Map.of("actor", user.username())),
            link);
    return page.answer(status, CURRENT, AdminTemplates.user(view));
  }

  private static String address(PageRequest page) {
    return page.home() + "/settings/users";
  }

  private static String address(PageRequest page, String user) {
    return address(page) + "/" + PagePaths.encoded(user);
  }
}
