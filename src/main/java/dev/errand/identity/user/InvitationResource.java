package dev.errand.identity.user;

import dev.errand.base.error.ApiException;
import dev.errand.identity.signin.SessionCookie;
import dev.errand.identity.signin.SignInDevice;
import dev.errand.identity.signin.SignedIn;
import io.quarkus.vertx.http.runtime.CurrentVertxRequest;
import io.smallrye.common.annotation.RunOnVirtualThread;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.UriInfo;
import org.jboss.resteasy.reactive.RestPath;
import org.jboss.resteasy.reactive.RestResponse;
import org.jspecify.annotations.Nullable;

/** Accepting invitations. */
@Path("/api/invitations/{code}")
@Produces(MediaType.APPLICATION_JSON)
public class InvitationResource {
  private final InvitationService invitations;
  private final SessionCookie cookie;
  private final CurrentVertxRequest http;

  InvitationResource(
      InvitationService invitations, SessionCookie cookie, CurrentVertxRequest http) {
    this.invitations = invitations;
    this.cookie = cookie;
    this.http = http;
  }

  /** Redirects a browser that opens the link to the page that asks for a password. */
  @GET
  public RestResponse<Void> open(@RestPath String code, @Context UriInfo uri) {
    return RestResponse.ResponseBuilder.<Void>create(RestResponse.Status.SEE_OTHER)
        .location(invitations.page(code, uri.getBaseUri()))
        .build();
  }

  /** Sets a password and signs in. */
  @POST
  @Consumes({MediaType.APPLICATION_JSON, MediaType.WILDCARD})
  @RunOnVirtualThread
  public RestResponse<SignedIn> accept(
      @RestPath String code, @Nullable InvitationRequest wanted, @Context UriInfo uri) {
    if (wanted == null) {
      throw ApiException.invalid("body", "is required: {\"password\"}");
    }
    SignedIn session =
        invitations.accept(code, wanted, SignInDevice.of(http.getCurrent().request()));
    return RestResponse.ResponseBuilder.create(RestResponse.Status.CREATED, session)
        .cookie(cookie.of(session, uri))
        .build();
  }
}
