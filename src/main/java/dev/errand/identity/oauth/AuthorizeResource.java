package dev.errand.identity.oauth;

import dev.errand.base.error.ApiException;
import dev.errand.identity.account.Scope;
import dev.errand.identity.oauth.AuthorizationRequests.AuthorizationRequest;
import dev.errand.identity.oauth.ConsentQuestion.ConsentForm;
import dev.errand.identity.page.SignInPageResource;
import dev.errand.identity.page.SignedInUser;
import io.quarkus.vertx.http.runtime.CurrentVertxRequest;
import io.smallrye.common.annotation.RunOnVirtualThread;
import io.vertx.core.http.HttpServerRequest;
import jakarta.ws.rs.BeanParam;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.MediaType;
import java.net.URI;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.function.Supplier;
import org.jboss.resteasy.reactive.RestResponse;
import org.jspecify.annotations.Nullable;

/** The authorization endpoint, to which a client sends a user to grant it access. */
@Path(OAuthUrls.AUTHORIZE)
@Produces({MediaType.TEXT_HTML, MediaType.WILDCARD})
@RunOnVirtualThread
public class AuthorizeResource {
  private final SignedInUser users;
  private final AuthorizationRequests requests;
  private final ConsentQuestion question;
  private final ConsentPage page;
  private final Grants grants;
  private final OAuthUrls urls;
  private final CurrentVertxRequest http;

  AuthorizeResource(
      SignedInUser users,
      AuthorizationRequests requests,
      ConsentQuestion question,
      ConsentPage page,
      Grants grants,
      OAuthUrls urls,
      CurrentVertxRequest http) {
    this.users = users;
    this.requests = requests;
    this.question = question;
    this.page = page;
    this.grants = grants;
    this.urls = urls;
    this.http = http;
  }

  /** Asks the user, who has to sign in first. */
  @GET
  public RestResponse<String> ask() {
    String query = Optional.ofNullable(http.getCurrent().request().query()).orElse("");
    return answered(
        () -> {
          Optional<SignedInUser.UserSession> user = users.get();
          if (user.isEmpty()) {
            return redirect(signIn(query));
          }
          // Documents of clients are only read for signed-in users.
          AuthorizationRequest asked = requests.read(query, request(), user.get().caller());
          return page.ask(question.of(asked, user.get(), query, null), asked.target());
        });
  }

  /** Receives the user's answer, and redirects to the client. */
  @POST
  @Consumes(MediaType.APPLICATION_FORM_URLENCODED)
  public RestResponse<String> decide(@BeanParam ConsentForm form) {
    return answered(() -> decided(form));
  }

  private RestResponse<String> decided(ConsentForm form) {
    String query = form.request == null ? "" : form.request;
    SignedInUser.UserSession user =
        users
            .get()
            .orElseThrow(
                () -> AuthorizationException.onPage("You are no longer signed in: start again."));
    if (!question.isOwn(form, user)) {
      throw AuthorizationException.onPage(
          "This form has expired, or was created for another user: start again.");
    }
    AuthorizationRequest asked = requests.read(query, request(), user.caller());
    if (!"allow".equals(form.decision)) {
      throw AuthorizationException.toClient(
          asked.target(), "access_denied", "The user has refused.");
    }
    Set<Scope> scopes = question.scopes(form, asked);
    Optional<Set<UUID>> profiles = question.profiles(form, asked, user);
    if (scopes.isEmpty() || profiles.isEmpty()) {
      String message =
          scopes.isEmpty() ? "Choose at least one thing it may do." : "Choose a profile.";
      return page.ask(question.of(asked, user, query, message), asked.target());
    }
    String code =
        grants.make(
            user.caller(),
            asked.client(),
            new Grants.NewGrant(
                scopes,
                profiles.get(),
                asked.resource().path(),
                asked.target().redirectUri(),
                asked.challenge()));
    return redirect(asked.target().withCode(code));
  }

  private RestResponse<String> answered(Supplier<RestResponse<String>> work) {
    try {
      return work.get();
    } catch (AuthorizationException e) {
      @Nullable AnswerTarget target = e.target();
      String detail = String.valueOf(e.getMessage());
      return target == null
          ? page.refuse(400, detail)
          : redirect(target.withError(e.error(), detail));
    } catch (ApiException e) {
      return page.refuse(e.code().status(), String.valueOf(e.getMessage()));
    }
  }

  private URI signIn(String query) {
    String back = OAuthUrls.AUTHORIZE.substring(1) + "?" + query;
    return URI.create(
        urls.base(request())
            + "/"
            + SignInPageResource.PATH
            + "?return="
            + URLEncoder.encode(back, StandardCharsets.UTF_8));
  }

  private HttpServerRequest request() {
    return http.getCurrent().request();
  }

  private static RestResponse<String> redirect(URI to) {
    return RestResponse.ResponseBuilder.<String>create(RestResponse.Status.SEE_OTHER)
        .header(HttpHeaders.CACHE_CONTROL, "no-store")
        .header("Referrer-Policy", "no-referrer")
        .location(to)
        .build();
  }
}
