package dev.errand.identity.page;

import dev.errand.base.error.ApiException;
import dev.errand.identity.signin.SessionService;
import dev.errand.identity.signin.SignInDevice;
import dev.errand.identity.signin.SignInRequest;
import dev.errand.identity.user.InvitationRequest;
import dev.errand.identity.user.InvitationService;
import io.quarkus.vertx.http.runtime.CurrentVertxRequest;
import io.smallrye.common.annotation.RunOnVirtualThread;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.DefaultValue;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.UriInfo;
import java.util.Optional;
import org.jboss.resteasy.reactive.RestForm;
import org.jboss.resteasy.reactive.RestQuery;
import org.jboss.resteasy.reactive.RestResponse;
import org.jboss.resteasy.reactive.RestResponse.ResponseBuilder;
import org.jspecify.annotations.Nullable;

/** The page on which people sign in and out, and choose a password by a link. */
@Path("/sign-in")
@Produces(MediaType.TEXT_HTML)
public class SignInPageResource {
  /** Where the page is, relative to the base of the service. */
  public static final String PATH = "sign-in";

  /** The parameter that says what was sent after the session had ended. */
  static final String ENDED = "ended";

  /** A form was sent. */
  static final String FORM = "form";

  /** A page refreshed a part of itself. */
  static final String PART = "part";

  private static final String AGAIN =
      "Your session has ended, so your form was not sent. Sign in to return to it.";
  private static final String ENDED_HERE = "Your session has ended. Sign in to return to the page.";

  private final SignInPage page;
  private final SignedInUser users;
  private final SessionService sessions;
  private final InvitationService invitations;
  private final CurrentVertxRequest http;

  SignInPageResource(
      SignInPage page,
      SignedInUser users,
      SessionService sessions,
      InvitationService invitations,
      CurrentVertxRequest http) {
    this.page = page;
    this.users = users;
    this.sessions = sessions;
    this.invitations = invitations;
    this.http = http;
  }

  @GET
  @RunOnVirtualThread
  public RestResponse<String> get(
      @RestQuery(ReturnPath.PARAMETER) @Nullable String back,
      @RestQuery(ENDED) @Nullable String ended) {
    Optional<String> path = ReturnPath.of(back);
    try {
      return users
          .get()
          .map(user -> page.known(user, path))
          .orElseGet(() -> page.ask(200, ended(ended), "", path, ""))
          .build();
    } catch (ApiException e) {
      return refused(page.ask(e.code().status(), e.getMessage(), "", path, ""), e);
    }
  }

  @POST
  @Consumes(MediaType.APPLICATION_FORM_URLENCODED)
  @RunOnVirtualThread
  public RestResponse<String> signIn(
      @RestForm @DefaultValue("") String username,
      @RestForm @DefaultValue("") String password,
      @RestForm(ReturnPath.PARAMETER) @Nullable String back,
      @Context UriInfo uri) {
    Optional<String> path = ReturnPath.of(back);
    try {
      return page.signedIn(
          sessions.signIn(new SignInRequest(username, password), device()), path, uri);
    } catch (ApiException e) {
      return refused(page.ask(e.code().status(), e.getMessage(), username, path, ""), e);
    }
  }

  /** Sets a password by an invitation, and signs in. */
  @POST
  @Path("invitation")
  @Consumes(MediaType.APPLICATION_FORM_URLENCODED)
  @RunOnVirtualThread
  public RestResponse<String> accept(
      @RestForm @Nullable String code,
      @RestForm @DefaultValue("") String password,
      @RestForm @DefaultValue("") String again,
      @Context UriInfo uri) {
    String given = code == null ? "" : code;
    try {
      if (!password.equals(again)) {
        throw ApiException.invalid("again", "the two passwords differ");
      }
      return page.signedIn(
          invitations.accept(given, new InvitationRequest(password), device()),
          Optional.empty(),
          uri);
    } catch (ApiException e) {
      return refused(page.ask(e.code().status(), e.getMessage(), "", Optional.empty(), given), e);
    }
  }

  private static @Nullable String ended(@Nullable String what) {
    return FORM.equals(what) ? AGAIN : PART.equals(what) ? ENDED_HERE : null;
  }

  private SignInDevice device() {
    return SignInDevice.of(http.getCurrent().request());
  }

  private static RestResponse<String> refused(
      ResponseBuilder<String> answer, ApiException refusal) {
    refusal.headers().forEach(answer::header);
    return answer.build();
  }
}
