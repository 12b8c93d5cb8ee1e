package dev.errand.adapters.mcp.transport;

import dev.errand.base.error.ApiException;
import dev.errand.base.error.ErrorCode;
import dev.errand.base.http.PathId;
import dev.errand.base.limit.BodyBudget;
import dev.errand.identity.account.Caller;
import dev.errand.identity.account.CurrentCaller;
import dev.errand.identity.auth.RequestLimits;
import dev.errand.identity.token.Tokens;
import io.quarkus.vertx.http.runtime.CurrentVertxRequest;
import io.smallrye.common.annotation.RunOnVirtualThread;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import jakarta.ws.rs.core.StreamingOutput;
import jakarta.ws.rs.core.UriInfo;
import java.time.Duration;
import org.jboss.resteasy.reactive.RestPath;
import org.jboss.resteasy.reactive.RestQuery;
import org.jspecify.annotations.Nullable;

/**
 * Opens the streams at the addresses that {@link SseAddressResource} creates, and receives the
 * requests that they answer.
 */
@Path("/api/mcp/sse")
@RunOnVirtualThread
public class SseResource {
  private static final int ACCEPTED = 202;

  private final Tokens tokens;
  private final SseStreams streams;
  private final DefaultProfile defaultProfile;
  private final RequestLimits limits;
  private final CurrentVertxRequest http;

  SseResource(
      Tokens tokens,
      SseStreams streams,
      DefaultProfile defaultProfile,
      RequestLimits limits,
      CurrentVertxRequest http) {
    this.tokens = tokens;
    this.streams = streams;
    this.defaultProfile = defaultProfile;
    this.limits = limits;
    this.http = http;
  }

  /** Opens the stream of an address. */
  @GET
  public Response open(@RestQuery @Nullable String token, @Context UriInfo uri) {
    if (token == null || !Tokens.isToken(token)) {
      throw CurrentCaller.unauthenticated(
          (token == null
                  ? "The address has no token"
                  : "The token of the address is not one of this service")
              + ": get one by POST /api/mcp/sse/url.");
    }
    Caller by = tokens.callerOf(token);
    limits.count(by, http.getCurrent().response());
    streams.checkRoom(by);
    SseStream stream = new SseStream(by, defaultProfile.of(by), uri.getBaseUri());
    StreamingOutput output = client -> streams.follow(stream, id -> "/api/mcp/sse/" + id, client);
    return Response.ok(output, MediaType.SERVER_SENT_EVENTS)
        .header(HttpHeaders.CACHE_CONTROL, "no-cache, no-store, no-transform")
        .header("X-Accel-Buffering", "no")
        .build();
  }

  /** Receives a message; its answer is sent by the stream. */
  @POST
  @Path("{stream}")
  @Consumes(MediaType.WILDCARD)
  public Response post(@RestPath String stream, @Nullable String body) {
    SseStream open = required(stream);
    limits.count(open.caller(), http.getCurrent().response());
    if (!streams.take(open, body, BodyBudget.handOn(http.getCurrent()))) {
      throw ApiException.retryLater(
          ErrorCode.UNAVAILABLE,
          "The stream has too many unanswered requests, or unread answers: read some of these.",
          Duration.ofSeconds(1));
    }
    return Response.status(ACCEPTED).build();
  }

  // The id is random, and only the client that opened the stream knows it.
  private SseStream required(String stream) {
    return PathId.of(stream).flatMap(streams::find).orElseThrow(SseResource::unknown);
  }

  private static ApiException unknown() {
    return new ApiException(
        ErrorCode.NOT_FOUND,
        "There is no open stream with that id in this process: open the address again.");
  }
}
