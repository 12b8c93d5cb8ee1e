package dev.errand.identity.signin;

import dev.errand.base.error.ApiException;
import dev.errand.base.http.PublicUrl;
import dev.errand.identity.account.CurrentCaller;
import io.quarkus.vertx.http.runtime.CurrentVertxRequest;
import io.smallrye.common.annotation.RunOnVirtualThread;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.DELETE;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.UriInfo;
import java.util.List;
import org.jboss.resteasy.reactive.RestPath;
import org.jboss.resteasy.reactive.RestResponse;
import org.jspecify.annotations.Nullable;

/** Signing in and out, and the caller's sessions. */
@Path("/api/sessions")
@Produces(MediaType.APPLICATION_JSON)
public class SessionResource {
  private final CurrentCaller caller;
  private final SessionService sessions;
  private final SessionCookie cookie;
  private final SignOut signOut;
  private final PublicUrl url;
  private final CurrentVertxRequest http;

  SessionResource(
      CurrentCaller caller,
      SessionService sessions,
      SessionCookie cookie,
      SignOut signOut,
      PublicUrl url,
      CurrentVertxRequest http) {
    this.caller = caller;
    this.sessions = sessions;
    this.cookie = cookie;
    this.signOut = signOut;
    this.url = url;
    this.http = http;
  }

  @POST
  @Consumes({MediaType.APPLICATION_JSON, MediaType.WILDCARD})
  @RunOnVirtualThread
  public RestResponse<SignedIn> signIn(@Nullable SignInRequest wanted, @Context UriInfo uri) {
    if (wanted == null) {
      throw ApiException.invalid("body", "is required: {\"username\", \"password\"}");
    }
    SignedIn session = sessions.signIn(wanted, SignInDevice.of(http.getCurrent().request()));
    return RestResponse.ResponseBuilder.create(RestResponse.Status.CREATED, session)
        .cookie(cookie.of(session, uri))
        .build();
  }

  @GET
  @RunOnVirtualThread
  public List<SessionView> list() {
    return sessions.list(caller.get());
  }

  /**
   * Ends a session; {@code current} is that of the request. If a provider started it, the answer
   * has the address at which the browser signs out there, too.
   */
  @DELETE
  @Path("{session}")
  @RunOnVirtualThread
  public RestResponse<SignedOut> end(@RestPath String session, @Context UriInfo uri) {
    SignOut.Done done = signOut.end(caller.get(), session);
    if (!done.isCurrent()) {
      return RestResponse.noContent();
    }
    return done.provider()
        .map(path -> url.resolve(path, uri::getBaseUri))
        .map(to -> RestResponse.ResponseBuilder.ok(new SignedOut(to)))
        .orElseGet(RestResponse.ResponseBuilder::noContent)
        .cookie(cookie.none(uri))
        .build();
  }
}
