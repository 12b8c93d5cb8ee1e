package dev.errand.adapters.mcp.transport;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonProperty;
import dev.errand.base.error.ApiException;
import dev.errand.base.http.PublicUrl;
import dev.errand.identity.account.Caller;
import dev.errand.identity.account.CurrentCaller;
import dev.errand.identity.profile.Profile;
import dev.errand.identity.token.TokenRequest;
import dev.errand.identity.token.TokenService;
import io.quarkus.runtime.annotations.RegisterForReflection;
import io.smallrye.common.annotation.RunOnVirtualThread;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.UriInfo;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Creates addresses at which older clients open streams without a cookie: anyone with the address
 * can use the tools of a profile until it expires.
 */
@Path("/api/mcp/sse/url")
@RunOnVirtualThread
public class SseAddressResource {
  private static final Duration USUAL = Duration.ofDays(1);
  private static final long SHORTEST = 60;
  private static final long LONGEST = Duration.ofDays(366).toSeconds();

  private final CurrentCaller caller;
  private final TokenService service;
  private final PublicUrl base;
  private final Clock clock;

  SseAddressResource(CurrentCaller caller, TokenService service, PublicUrl base, Clock clock) {
    this.caller = caller;
    this.service = service;
    this.base = base;
    this.clock = clock;
  }

  /**
   * A request for an address.
   *
   * @param version {@code v0}; others are refused
   * @param activeProfile the profile as {@code user/profile}; the caller's default by default
   * @param expiresIn for how many seconds the address is valid; a day by default
   */
  @RegisterForReflection
  @JsonIgnoreProperties(ignoreUnknown = true)
  public record AddressRequest(
      @Nullable String version,
      @JsonProperty("activeProfile") @Nullable String activeProfile,
      @JsonProperty("expiresIn") @Nullable Long expiresIn) {}

  /**
   * Creates an address. It contains a token for that profile, which can be revoked like any other.
   */
  @POST
  @Produces(MediaType.TEXT_PLAIN)
  public String url(@Nullable AddressRequest wanted, @Context UriInfo uri) {
    Caller by = caller.get();
    String profile =
        wanted == null || wanted.activeProfile == null
            ? by.username() + "/" + Profile.DEFAULT
            : wanted.activeProfile;
    long seconds =
        wanted == null || wanted.expiresIn == null ? USUAL.toSeconds() : wanted.expiresIn;
    if (seconds < SHORTEST || seconds > LONGEST) {
      throw ApiException.invalid(
          "expiresIn", "must be between " + SHORTEST + " and " + LONGEST + " seconds");
    }
    String token =
        service
            .create(
                by,
                new TokenRequest(
                    "stream for " + profile,
                    List.of("read", "run"),
                    List.of(profile),
                    null,
                    clock.instant().plusSeconds(seconds).toString(),
                    null))
            .token();
    String own = base.orElse(() -> uri.getBaseUri()).toString();
    return (own.endsWith("/") ? own.substring(0, own.length() - 1) : own)
        + "/api/mcp/sse?token="
        + token;
  }
}
