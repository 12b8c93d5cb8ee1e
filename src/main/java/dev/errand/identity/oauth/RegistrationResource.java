package dev.errand.identity.oauth;

import com.fasterxml.jackson.annotation.JsonInclude;
import dev.errand.identity.signin.SignInDevice;
import io.quarkus.runtime.annotations.RegisterForReflection;
import io.quarkus.vertx.http.runtime.CurrentVertxRequest;
import io.smallrye.common.annotation.RunOnVirtualThread;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.MediaType;
import java.util.List;
import org.jboss.resteasy.reactive.RestResponse;
import org.jspecify.annotations.Nullable;

/** Where clients register themselves (RFC 7591). */
@Path(OAuthUrls.REGISTER)
@Produces(MediaType.APPLICATION_JSON)
@RunOnVirtualThread
public class RegistrationResource {
  private final Registration registration;
  private final CurrentVertxRequest http;

  RegistrationResource(Registration registration, CurrentVertxRequest http) {
    this.registration = registration;
    this.http = http;
  }

  /**
   * A client that was registered (RFC 7591, section 3.2.1).
   *
   * @param clientSecret its secret, which can't be read again; null for a client without one
   * @param clientSecretExpiresAt 0, for never; null for a client without a secret
   */
  @RegisterForReflection
  @JsonInclude(JsonInclude.Include.NON_NULL)
  public record Registered(
      String clientId,
      long clientIdIssuedAt,
      @Nullable String clientSecret,
      @Nullable Long clientSecretExpiresAt,
      String clientName,
      List<String> redirectUris,
      String tokenEndpointAuthMethod,
      List<String> grantTypes,
      List<String> responseTypes,
      String scope) {
    /** Only the id, so that a log does not reveal the secret. */
    @Override
    public String toString() {
      return "client " + clientId;
    }
  }

  @POST
  @Consumes({MediaType.APPLICATION_JSON, MediaType.WILDCARD})
  public RestResponse<Registered> register(byte @Nullable [] body) {
    String address = SignInDevice.of(http.getCurrent().request()).address();
    return RestResponse.ResponseBuilder.<Registered>create(RestResponse.Status.CREATED)
        .entity(registration.register(body == null ? new byte[0] : body, address))
        .header(HttpHeaders.CACHE_CONTROL, "no-store")
        .build();
  }
}
