package dev.errand.adapters.mcp.sse;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonProperty;
import dev.errand.adapters.mcp.DefaultProfile;
import dev.errand.base.error.ApiException;
import dev.errand.base.error.ErrorCode;
import dev.errand.base.http.PublicUrl;
import dev.errand.identity.account.Caller;
import dev.errand.identity.account.CurrentCaller;
import dev.errand.identity.profile.Profile;
import dev.errand.identity.token.TokenRequest;
import dev.errand.identity.token.TokenService;
import dev.errand.identity.token.Tokens;
import io.quarkus.runtime.annotations.RegisterForReflection;
import io.smallrye.common.annotation.RunOnVirtualThread;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import jakarta.ws.rs.core.StreamingOutput;
import jakarta.ws.rs.core.UriInfo;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.UUID;
import org.jboss.resteasy.reactive.RestPath;
import org.jboss.resteasy.reactive.RestQuery;
import org.jspecify.annotations.Nullable;

/**
 * Streams for older clients, which get an address that they open without a cookie: whoever has it
 * has the tools of a profile until it ends.
 */
@Path("/api/mcp/sse")
@RunOnVirtualThread
public class SseResource {
  private static final Duration USUAL = Duration.ofDays(1);
  private static final long SHORTEST = 60;
  private static final long LONGEST = Duration.ofDays(366).toSeconds();
  private static final int ACCEPTED = 202;

  private final CurrentCaller caller;
  private final TokenService service;
  private final Tokens tokens;
  private final SseStreams streams;
  private final DefaultProfile defaultProfile;
  private final PublicUrl base;
  private final Clock clock;

  SseResource(
      CurrentCaller caller,
      TokenService service,
      Tokens tokens,
      SseStreams streams,
      DefaultProfile defaultProfile,
      PublicUrl base,
      Clock clock) {
    this.caller = caller;
    this.service = service;
    this.tokens = tokens;
    this.streams = streams;
    this.defaultProfile = defaultProfile;
    this.base = base;
    this.clock = clock;
  }

  /**
   * A request for an address.
   *
   * @param version {@code v0}; others are not known
   * @param activeProfile the profile as {@code user/profile}; the caller's default by default
   * @param expiresIn for how many seconds the address is to be good; a day by default
   */
  @RegisterForReflection
  @JsonIgnoreProperties(ignoreUnknown = true)
  public record AddressRequest(
      @Nullable String version,
      @JsonProperty("activeProfile") @Nullable String activeProfile,
      @JsonProperty("expiresIn") @Nullable Long expiresIn) {}

  /** Makes an address; it carries a token for that profile, which can be revoked as others can. */
  @POST
  @Path("url")
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

  /** Opens the stream of an address. */
  @GET
  public Response open(@RestQuery @Nullable String token) {
    if (token == null || !Tokens.isToken(token)) {
      throw CurrentCaller.unauthenticated(
          "The address has no token: ask for one by POST /api/mcp/sse/url.");
    }
    Caller by = tokens.callerOf(token);
    streams.checkRoom();
    SseStream stream = new SseStream(by, defaultProfile.of(by));
    StreamingOutput output = client -> streams.follow(stream, id -> "/api/mcp/sse/" + id, client);
    return Response.ok(output, MediaType.SERVER_SENT_EVENTS)
        .header(HttpHeaders.CACHE_CONTROL, "no-cache, no-store, no-transform")
        .header("X-Accel-Buffering", "no")
        .build();
  }

  /** Takes a message; its answer comes by the stream. */
  @POST
  @Path("{stream}")
  @Consumes(MediaType.WILDCARD)
  public Response post(@RestPath String stream, @Nullable String body) {
    if (!streams.take(required(stream), body)) {
      throw ApiException.retryLater(
          ErrorCode.UNAVAILABLE,
          "The stream has too many requests that are not answered: wait for some of them.",
          Duration.ofSeconds(1));
    }
    return Response.status(ACCEPTED).build();
  }

  // The id is random and known to who opened the stream alone.
  private SseStream required(String stream) {
    try {
      return streams.find(UUID.fromString(stream)).orElseThrow(SseResource::unknown);
    } catch (IllegalArgumentException e) {
      throw unknown();
    }
  }

  private static ApiException unknown() {
    return new ApiException(
        ErrorCode.NOT_FOUND,
        "There is no open stream of that id in this process: open the address anew.");
  }
}
