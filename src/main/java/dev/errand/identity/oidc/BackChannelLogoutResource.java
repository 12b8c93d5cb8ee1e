package dev.errand.identity.oidc;

import com.fasterxml.jackson.annotation.JsonProperty;
import dev.errand.base.http.FormBody;
import dev.errand.identity.oidc.BackChannelLogout.RefusedException;
import io.quarkus.runtime.annotations.RegisterForReflection;
import io.quarkus.vertx.http.runtime.CurrentVertxRequest;
import io.smallrye.common.annotation.RunOnVirtualThread;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.MultivaluedMap;
import org.jboss.logging.Logger;
import org.jboss.resteasy.reactive.RestResponse;
import org.jboss.resteasy.reactive.RestResponse.ResponseBuilder;
import org.jspecify.annotations.Nullable;

/** Receives the logout tokens of the provider. */
@Path(OidcTenant.PATH + "/backchannel-logout")
@RunOnVirtualThread
public class BackChannelLogoutResource {
  private static final Logger LOG = Logger.getLogger(BackChannelLogoutResource.class);

  private final BackChannelLogout logout;
  private final CurrentVertxRequest http;

  BackChannelLogoutResource(BackChannelLogout logout, CurrentVertxRequest http) {
    this.logout = logout;
    this.http = http;
  }

  /** An error in the form of OAuth (RFC 6749, section 5.2). */
  @RegisterForReflection
  public record Refusal(String error, @JsonProperty("error_description") String description) {}

  /** Ends the sessions that a token is about. */
  @POST
  @Consumes(MediaType.APPLICATION_FORM_URLENCODED)
  @Produces(MediaType.APPLICATION_JSON)
  public RestResponse<Refusal> logOut(byte @Nullable [] body) {
    try {
      String token = form(body).getFirst("logout_token");
      if (token == null || token.isEmpty()) {
        throw new RefusedException("The form has no logout_token.");
      }
      logout.end(logout.verified(token, http.getCurrent()));
      return noStore(RestResponse.Status.OK).build();
    } catch (RefusedException e) {
      LOG.debugf("A logout token was refused: %s", e.getMessage());
      return noStore(RestResponse.Status.BAD_REQUEST)
          .entity(new Refusal("invalid_request", String.valueOf(e.getMessage())))
          .build();
    }
  }

  private static MultivaluedMap<String, String> form(byte @Nullable [] body)
      throws RefusedException {
    return FormBody.read(body).orElseThrow(() -> new RefusedException(FormBody.UNREADABLE));
  }

  private static ResponseBuilder<Refusal> noStore(RestResponse.Status status) {
    return ResponseBuilder.<Refusal>create(status).header(HttpHeaders.CACHE_CONTROL, "no-store");
  }
}
