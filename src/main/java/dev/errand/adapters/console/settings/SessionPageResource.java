package dev.errand.adapters.console.settings;

import dev.errand.adapters.console.page.Excerpt;
import dev.errand.adapters.console.page.ListPart;
import dev.errand.adapters.console.page.PageRequest;
import dev.errand.adapters.console.page.PageTime;
import dev.errand.adapters.console.page.Refusal;
import dev.errand.adapters.console.settings.SessionPageView.SessionLine;
import dev.errand.base.error.ApiException;
import dev.errand.base.field.DeclaredFields;
import dev.errand.base.http.Paging;
import dev.errand.identity.signin.SessionService;
import dev.errand.identity.signin.SessionView;
import dev.errand.identity.signin.SignInDevice;
import dev.errand.identity.signin.SignOut;
import dev.errand.identity.user.PasswordRequest;
import dev.errand.identity.user.PasswordService;
import io.quarkus.vertx.http.runtime.CurrentVertxRequest;
import io.smallrye.common.annotation.RunOnVirtualThread;
import jakarta.ws.rs.DefaultValue;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import org.jboss.resteasy.reactive.RestForm;
import org.jboss.resteasy.reactive.RestPath;
import org.jboss.resteasy.reactive.RestQuery;
import org.jboss.resteasy.reactive.RestResponse;
import org.jspecify.annotations.Nullable;

/** The page with the sessions of the user, and the form that changes the password. */
@Path("/console/{user}/{profile}/settings/sessions")
@Produces(MediaType.TEXT_HTML)
public class SessionPageResource {
  private static final String PASSWORD = "password";
  private static final int LONGEST_DEVICE = 120;

  private final SessionService sessions;
  private final SignOut signOut;
  private final PasswordService passwords;
  private final CurrentVertxRequest http;

  SessionPageResource(
      SessionService sessions,
      SignOut signOut,
      PasswordService passwords,
      CurrentVertxRequest http) {
    this.sessions = sessions;
    this.signOut = signOut;
    this.passwords = passwords;
    this.http = http;
  }

  /** The page. */
  @GET
  @RunOnVirtualThread
  public RestResponse<String> get(
      PageRequest page,
      @RestQuery @Nullable String changed,
      @RestQuery(Paging.CURSOR) @Nullable String cursor) {
    return page(200, page, cursor, PASSWORD.equals(changed), null);
  }

  /** Ends a session. */
  @POST
  @Path("{session}/end")
  @RunOnVirtualThread
  public RestResponse<String> end(PageRequest page, @RestPath String session) {
    SignOut.Done _ = signOut.end(page.caller(), session);
    return page.redirect(address(page));
  }

  /** Changes the password. */
  @POST
  @Path("password")
  @RunOnVirtualThread
  public RestResponse<String> changePassword(
      PageRequest page,
      @RestForm @DefaultValue("") String current,
      @RestForm("new") @DefaultValue("") String wanted,
      @RestForm @DefaultValue("") String again) {
    try {
      if (!wanted.equals(again)) {
        throw ApiException.invalid("again", "the two passwords differ");
      }
      passwords.change(
          page.caller(),
          new PasswordRequest(current, wanted),
          SignInDevice.of(http.getCurrent().request()).network());
    } catch (ApiException e) {
      return page(
          e.code().status(),
          page,
          null,
          false,
          Refusal.of(e, DeclaredFields.of(PasswordRequest.class)));
    }
    return page.redirect(address(page) + "?changed=" + PASSWORD);
  }

  private RestResponse<String> page(
      int status,
      PageRequest page,
      @Nullable String cursor,
      boolean changed,
      @Nullable String message) {
    ListPart<SessionView> shown =
        ListPart.of(
            sessions.list(page.caller()),
            session -> session.id().toString(),
            cursor,
            ListPart.at(address(page)));
    SessionPageView view =
        new SessionPageView(
            shown.items().stream().map(SessionPageResource::line).toList(),
            shown.next(),
            changed,
            message);
    return page.answer(status, SettingsResource.CURRENT, SettingsTemplates.sessions(view));
  }

  private static SessionLine line(SessionView session) {
    String device = session.device();
    String made =
        switch (session.kind()) {
          case "bootstrap" -> "set by the configuration";
          case "dev" -> "created for development";
          default -> "unknown device";
        };
    return new SessionLine(
        session.id().toString(),
        device == null ? made : Excerpt.of(device, LONGEST_DEVICE),
        session.address(),
        PageTime.of(session.createdAt()),
        PageTime.orNull(session.lastUsedAt()),
        PageTime.orNull(session.expiresAt()),
        session.current());
  }

  private static String address(PageRequest page) {
    return page.home() + "/settings/sessions";
  }
}
