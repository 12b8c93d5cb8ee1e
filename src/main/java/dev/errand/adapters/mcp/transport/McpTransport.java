package dev.errand.adapters.mcp.transport;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.errand.adapters.mcp.ClientInfo;
import dev.errand.adapters.mcp.McpError;
import dev.errand.adapters.mcp.McpRequest;
import dev.errand.adapters.mcp.McpServer;
import dev.errand.adapters.mcp.McpServer.Prepared;
import dev.errand.adapters.mcp.Progress;
import dev.errand.adapters.mcp.ScopeChallenge;
import dev.errand.base.error.ApiException;
import dev.errand.base.json.Json;
import dev.errand.identity.account.Caller;
import dev.errand.identity.profile.ProfileSlug;
import dev.errand.runs.live.WatchConfig;
import io.quarkus.vertx.http.runtime.CurrentVertxRequest;
import io.vertx.ext.web.RoutingContext;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import jakarta.ws.rs.core.StreamingOutput;
import java.io.IOException;
import java.io.OutputStream;
import java.net.URI;
import java.util.Optional;
import java.util.function.Consumer;
import org.jboss.logging.Logger;
import org.jboss.resteasy.reactive.server.core.CurrentRequestManager;
import org.jspecify.annotations.Nullable;

/**
 * Streamable HTTP: each message is one POST. A request is answered as JSON, or as a stream of
 * events where its client wants notifications of progress.
 */
@ApplicationScoped
public class McpTransport {
  private static final Logger LOG = Logger.getLogger(McpTransport.class);
  private static final int ACCEPTED = 202;
  private static final int OK = 200;
  private static final int FAILED = 500;

  private final OriginCheck origins;
  private final RequestReader reader;
  private final McpServer server;
  private final ScopeChallenge challenge;
  private final WatchConfig watching;
  private final CurrentVertxRequest http;
  private final Json json;

  McpTransport(
      OriginCheck origins,
      RequestReader reader,
      McpServer server,
      ScopeChallenge challenge,
      WatchConfig watching,
      CurrentVertxRequest http,
      Json json) {
    this.origins = origins;
    this.reader = reader;
    this.server = server;
    this.challenge = challenge;
    this.watching = watching;
    this.http = http;
    this.json = json;
  }

  /** The outcome of a request: a message of JSON-RPC and the status of its answer. */
  private record Reply(ObjectNode message, int status) {}

  /**
   * Answers a message.
   *
   * @throws ApiException where an HTTP status answers
   */
  Response answer(Caller caller, ProfileSlug profile, @Nullable String body, HttpHeaders headers)
      throws InterruptedException, IOException {
    origins.check(headers.getHeaderString("Origin"));
    Optional<McpRequest> read;
    try {
      read = reader.read(body, headers);
    } catch (McpError e) {
      server.check(caller, profile);
      return plain(new Reply(error(reader.idOf(body), e), e.status())).build();
    }
    if (read.isEmpty() || read.get().isNotification()) {
      return Response.status(ACCEPTED).build();
    }
    McpRequest request = read.get();
    RoutingContext routing = http.getCurrent();
    Consumer<Runnable> gone = end -> routing.addEndHandler(over -> end.run());
    try {
      return answer(caller, profile, request, headers, gone);
    } catch (ApiException e) {
      throw challenge.challenge(caller, request, e);
    }
  }

  private static URI base() {
    return CurrentRequestManager.get().getUriInfo().getBaseUri();
  }

  private Response answer(
      Caller caller,
      ProfileSlug profile,
      McpRequest request,
      HttpHeaders headers,
      Consumer<Runnable> gone)
      throws InterruptedException, IOException {
    Prepared prepared;
    try {
      prepared = server.prepare(caller, profile, request, base(), gone);
    } catch (McpError e) {
      return plain(refused(request, e)).build();
    } catch (ApiException e) {
      throw e;
    } catch (RuntimeException e) {
      return plain(failed(request, e)).build();
    }
    JsonNode token = request.progressToken();
    if (token != null && takesEvents(request, headers)) {
      return stream(request, token, prepared);
    }
    Response.ResponseBuilder answer = plain(outcome(request, Progress.NONE, prepared));
    if (request.method().equals("initialize")) {
      ClientInfo.of(request.params().path("clientInfo"))
          .ifPresent(client -> answer.header(RequestReader.SESSION, client.toSessionId(json)));
    }
    return answer.build();
  }

  /**
   * Answers a message that came by the first revision's transport.
   *
   * @param base the base of the request that opened the stream
   * @param client the client as it named itself in {@code initialize}; null before
   * @param introduced receives the client of {@code initialize}
   * @param gone receives actions to be run when the client disconnects
   * @return the answer; empty for a message that needs none
   */
  public Optional<ObjectNode> answer(
      Caller caller,
      ProfileSlug profile,
      URI base,
      @Nullable String body,
      @Nullable ClientInfo client,
      Consumer<ClientInfo> introduced,
      Consumer<Runnable> gone)
      throws InterruptedException {
    @Nullable JsonNode id = reader.idOf(body);
    try {
      Optional<McpRequest> read = reader.readOlder(body, client);
      if (read.isEmpty() || read.get().isNotification()) {
        return Optional.empty();
      }
      McpRequest request = read.get();
      if (request.method().equals("initialize")) {
        ClientInfo.of(request.params().path("clientInfo")).ifPresent(introduced);
      }
      Prepared prepared =
          progress -> server.prepare(caller, profile, request, base, gone).perform(progress);
      return Optional.of(outcome(request, Progress.NONE, prepared).message);
    } catch (McpError e) {
      return Optional.of(error(id, e));
    } catch (ApiException e) {
      return Optional.of(error(id, mcpError(e)));
    } catch (IOException e) {
      throw new IllegalStateException("Nothing is written while a request is performed.", e);
    }
  }

  /**
   * The answer in place of one for which a stream has no room.
   *
   * @param id the id of its request; null where that has none
   */
  ObjectNode unread(@Nullable JsonNode id) {
    return error(
        id,
        McpError.of(
            McpError.INTERNAL,
            "There was no room for this answer, since those before it were not read yet: read them,"
                + " and send the request again."));
  }

  private static McpError mcpError(ApiException e) {
    return McpError.of(McpError.INVALID_PARAMS, String.valueOf(e.getMessage()));
  }

  private boolean takesEvents(McpRequest request, HttpHeaders headers) {
    String accept = headers.getHeaderString(HttpHeaders.ACCEPT);
    return request.method().equals("tools/call")
        && accept != null
        && accept.contains(MediaType.SERVER_SENT_EVENTS)
        // Streams are switched off where the platform buffers answers.
        && watching.longest().isPositive();
  }

  private static Response.ResponseBuilder plain(Reply outcome) {
    return Response.status(outcome.status)
        .type(MediaType.APPLICATION_JSON_TYPE)
        .entity(outcome.message.toString());
  }

  private Response stream(McpRequest request, JsonNode token, Prepared prepared) {
    StreamingOutput output =
        client -> {
          try {
            write(request, token, prepared, client);
          } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
          } catch (IOException e) {
            LOG.debugf("A client that waited for %s has disconnected", request.method());
          }
        };
    return Response.ok(output, MediaType.SERVER_SENT_EVENTS)
        .header(HttpHeaders.CACHE_CONTROL, "no-cache, no-store, no-transform")
        .header("X-Accel-Buffering", "no")
        .build();
  }

  private void write(McpRequest request, JsonNode token, Prepared prepared, OutputStream client)
      throws InterruptedException, IOException {
    AnswerStream stream = new AnswerStream(client, token, json);
    stream.keepAlive();
    ObjectNode message;
    try {
      message = outcome(request, stream, prepared).message;
    } catch (ApiException e) {
      // The status of the answer is sent already.
      message = error(request.id(), mcpError(e));
    }
    stream.send(message);
  }

  private Reply outcome(McpRequest request, Progress progress, Prepared prepared)
      throws InterruptedException, IOException {
    try {
      ObjectNode message = message(request.id());
      message.set("result", prepared.perform(progress));
      return new Reply(message, OK);
    } catch (McpError e) {
      return refused(request, e);
    } catch (ApiException e) {
      throw e;
    } catch (RuntimeException e) {
      return failed(request, e);
    }
  }

  private Reply refused(McpRequest request, McpError e) {
    // Older clients treat any other status as a failure of HTTP, and do not read the error.
    return new Reply(error(request.id(), e), request.revision().isStateless() ? e.status() : OK);
  }

  private Reply failed(McpRequest request, RuntimeException e) {
    LOG.errorf(e, "The request %s failed", request.method());
    return new Reply(
        error(
            request.id(),
            McpError.of(McpError.INTERNAL, "The request failed on the server: try again.")),
        FAILED);
  }

  private ObjectNode message(@Nullable JsonNode id) {
    ObjectNode message = json.object().put("jsonrpc", "2.0");
    if (id != null) {
      message.set("id", id);
    }
    return message;
  }

  private ObjectNode error(@Nullable JsonNode id, McpError e) {
    ObjectNode message = message(id);
    ObjectNode error = message.putObject("error").put("code", e.code());
    error.put("message", e.getMessage());
    ObjectNode data = e.data();
    if (data != null) {
      error.set("data", data);
    }
    return message;
  }
}
