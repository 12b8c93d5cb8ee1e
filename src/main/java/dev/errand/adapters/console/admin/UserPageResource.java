package dev.errand.adapters.console.admin;

import dev.errand.adapters.console.page.Choice;
import dev.errand.adapters.console.page.ListPart;
import dev.errand.adapters.console.page.PageRequest;
import dev.errand.adapters.console.page.Refusal;
import dev.errand.adapters.console.settings.SettingsResource;
import dev.errand.base.error.ApiException;
import dev.errand.base.http.Paging;
import dev.errand.base.json.Json;
import dev.errand.identity.account.Users;
import dev.errand.identity.profile.MemberRequest;
import dev.errand.identity.profile.MemberService;
import dev.errand.identity.user.UserService;
import dev.errand.identity.user.UserView;
import io.smallrye.common.annotation.RunOnVirtualThread;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
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
  private final UserService users;
  private final MemberService members;
  private final Json json;

  UserPageResource(UserService users, MemberService members, Json json) {
    this.users = users;
    this.members = members;
    this.json = json;
  }

  /** The page with all of them. */
  @GET
  public RestResponse<String> list(
      PageRequest page, @RestQuery(Paging.CURSOR) @Nullable String cursor) {
    page.requireAdmin();
    return list(200, page, cursor, UserForm.EMPTY, null);
  }

  /** Creates a user. Only this page shows the link of the invitation. */
  @POST
  public RestResponse<String> make(PageRequest page) throws InterruptedException {
    page.requireAdmin();
    String name = page.form().line("name");
    UserForm form = UserForm.EMPTY.sent(page.form());
    UserView user;
    try {
      requireOffered(page, form);
      user = users.create(page.caller(), name, form.request(json), page.service()).user();
    } catch (ApiException e) {
      return list(e.code().status(), page, null, form.refused(e), null);
    }
    try {
      if (!form.shared().isEmpty()) {
        members.put(page.caller(), page.profile(), name, new MemberRequest(form.shared()));
      }
    } catch (ApiException e) {
      // The user exists by now, and only this page has the link.
      NewUser made = new NewUser(user, "", Refusal.of(e));
      return list(e.code().status(), page, null, UserForm.EMPTY, made);
    }
    return list(201, page, null, UserForm.EMPTY, new NewUser(user, form.shared(), null));
  }

  // The user is created before the profile is shared.
  private static void requireOffered(PageRequest page, UserForm form) {
    if (!form.shared().isEmpty()
        && (!page.mayOwn() || form.shares().stream().noneMatch(Choice::chosen))) {
      throw ApiException.invalid("share", "must be one of the offered roles");
    }
  }

  /** The page of a user. */
  @GET
  @Path("{name}")
  public RestResponse<String> get(PageRequest page, @RestPath String name) {
    page.requireAdmin();
    UserView user = require(page, name);
    return one(200, page, user, UserForm.of(user, json), null);
  }

  /** Changes a user. */
  @POST
  @Path("{name}")
  public RestResponse<String> put(PageRequest page, @RestPath String name)
      throws InterruptedException {
    page.requireAdmin();
    UserView user = require(page, name);
    UserForm form = UserForm.of(user, json).sent(page.form());
    try {
      users.put(page.caller(), name, form.request(json), page.service());
    } catch (ApiException e) {
      return one(e.code().status(), page, user, form.refused(e), null);
    }
    return page.redirect(address(page));
  }

  /** Creates a link by which a person chooses another password. Only this page shows it. */
  @POST
  @Path("{name}/reset")
  public RestResponse<String> reset(PageRequest page, @RestPath String name) {
    page.requireAdmin();
    UserView user = require(page, name);
    String link = users.resetPassword(page.caller(), name, page.service()).url().toString();
    return one(200, page, user, UserForm.of(user, json), link);
  }

  /** Deletes a user with everything they own. */
  @POST
  @Path("{name}/delete")
  public RestResponse<String> delete(
      PageRequest page, @RestPath String name, @RestForm @Nullable String force) {
    page.requireAdmin();
    UserView user = require(page, name);
    try {
      users.delete(page.caller(), name, force != null);
    } catch (ApiException e) {
      return one(e.code().status(), page, user, UserForm.of(user, json).refused(e), null);
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
      @Nullable NewUser made) {
    ListPart<UserView> shown =
        ListPart.of(
            users.list(page.caller()), UserView::username, cursor, ListPart.at(address(page)));
    return page.answer(status, SettingsResource.CURRENT, AdminTemplates.users(shown, form, made));
  }

  private static RestResponse<String> one(
      int status, PageRequest page, UserView user, UserForm form, @Nullable String link) {
    return page.answer(status, SettingsResource.CURRENT, AdminTemplates.user(user, form, link));
  }

  private static String address(PageRequest page) {
    return page.home() + "/settings/users";
  }
}
