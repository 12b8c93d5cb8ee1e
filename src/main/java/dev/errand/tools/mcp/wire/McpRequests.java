package dev.errand.tools.mcp.wire;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.errand.base.json.Json;
import dev.errand.base.limit.AnswerMemory;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;

/** Discovers which revision a server uses, and sends requests in it. */
@ApplicationScoped
class McpRequests {
  private static final Duration SEND_TIMEOUT = Duration.ofSeconds(5);
  // Those during which a server may want something of the client.
  private static final Set<String> WAITING = Set.of("tools/call", "tasks/result");

  private final StreamableHttp transport;
  private final McpSessions sessions;
  private final McpMessages messages;
  private final Json json;

  McpRequests(StreamableHttp transport, McpSessions sessions, McpMessages messages, Json json) {
    this.transport = transport;
    this.sessions = sessions;
    this.messages = messages;
    this.json = json;
  }

  /** Memory for the answers of one exchange, of which nothing is held yet. */
  AnswerMemory memory() {
    return transport.memory();
  }

  /** Whether a server runs tools as tasks for clients that ask for that, in the revision. */
  boolean takesTasks(McpEndpoint endpoint, String revision) {
    return !McpMessages.isModern(revision)
        && sessions.known(endpoint).filter(McpSessions.Session::takesTasks).isPresent();
  }

  /** Whether a request can be sent in that revision at once. */
  boolean isReady(McpEndpoint endpoint, String revision) {
    return McpMessages.isModern(revision) || sessions.known(endpoint).isPresent();
  }

  /**
   * Whether a reply says that the server no longer knows the session, or does not support the
   * revision; the request was not processed then.
   */
  boolean isForgotten(String revision, McpReply reply) {
    return switch (reply.status()) {
      case 401, 403, 429 -> false;
      case 400, 404 -> !McpMessages.isModern(revision) || !reply.isModernError();
      default -> McpMessages.isModern(revision) && reply.status() >= 400 && reply.status() < 500;
    };
  }

  /** Discovers again which revision a server uses, and drops the open session. */
  String rediscover(McpEndpoint endpoint, McpLimits limits)
      throws McpException, InterruptedException {
    sessions.forget(endpoint);
    return discover(endpoint, limits);
  }

  /**
   * Discovers which revision a server uses. To a request without a handshake, older servers answer
   * with a status 4xx, or with an error that does not mention revisions.
   */
  String discover(McpEndpoint endpoint, McpLimits limits)
      throws McpException, InterruptedException {
    McpReply reply =
        send(endpoint, McpMessages.MODERN, "server/discover", json.object(), Map.of(), limits);
    if (reply.isUnsupportedVersion()) {
      return supported(endpoint, reply.message().path("error").path("data"), limits);
    }
    JsonNode versions = reply.message().path("result").path("supportedVersions");
    if (reply.isSuccess() && versions.isArray()) {
      for (JsonNode version : versions) {
        if (version.asText().equals(McpMessages.MODERN)) {
          return McpMessages.MODERN;
        }
      }
      return session(endpoint, limits).revision();
    }
    boolean mayBeOlder =
        !reply.isModernError()
            && reply.status() < 500
            && reply.status() != 401
            && reply.status() != 403
            && reply.status() != 429;
    if (!mayBeOlder) {
      McpErrors.check(endpoint.place(), reply);
    }
    return session(endpoint, limits).revision();
  }

  private String supported(McpEndpoint endpoint, JsonNode data, McpLimits limits)
      throws McpException, InterruptedException {
    for (JsonNode version : data.path("supported")) {
      if (version.asText().equals(McpMessages.MODERN)) {
        // It was not ready yet, or another server answered: the next request will show.
        return McpMessages.MODERN;
      }
    }
    for (JsonNode version : data.path("supported")) {
      if (version.asText().compareTo(McpMessages.MODERN) < 0) {
        return session(endpoint, limits).revision();
      }
    }
    throw new McpException(
        McpFailure.UNUSABLE,
        "%s supports no known revision of MCP: %s is the newest one."
            .formatted(endpoint.place(), McpMessages.MODERN));
  }

  /**
   * Sends a request in a revision, in the open session, or in a new one if the revision needs one.
   *
   * @param params its parameters, which this changes
   * @param more header fields that the method needs
   */
  McpReply send(
      McpEndpoint endpoint,
      String revision,
      String method,
      ObjectNode params,
      Map<String, String> more,
      McpLimits limits)
      throws McpException, InterruptedException {
    if (!McpMessages.isModern(revision)) {
      return inSession(endpoint, session(endpoint, limits), method, params, limits);
    }
    Map<String, String> fields = new HashMap<>(more);
    fields.put("MCP-Protocol-Version", McpMessages.MODERN);
    fields.put("Mcp-Method", method);
    return transport.post(endpoint, fields, messages.request(revision, method, params), limits);
  }

  private McpSessions.Session session(McpEndpoint endpoint, McpLimits limits)
      throws McpException, InterruptedException {
    Optional<McpSessions.Session> known = sessions.known(endpoint);
    return known.isPresent() ? known.get() : sessions.open(endpoint, limits);
  }

  private McpReply inSession(
      McpEndpoint endpoint,
      McpSessions.Session session,
      String method,
      ObjectNode params,
      McpLimits limits)
      throws McpException, InterruptedException {
    ObjectNode request = messages.request(session.revision(), method, params);
    Consumer<JsonNode> asked =
        wanted -> sendWithoutWaiting(endpoint, session, messages.answer(wanted));
    // In the older revisions, servers send requests and wait for the answer, within the stream of a
    // call or on another one, and a disconnect does not cancel a request.
    try (SessionStream.Call _ = listening(endpoint, session, method, asked, limits)) {
      return transport.post(endpoint, session.fields(), request, limits, asked);
    } catch (InterruptedException e) {
      sendWithoutWaiting(endpoint, session, messages.cancelled(request));
      throw e;
    } catch (McpException e) {
      if (e.kind() == McpFailure.BROKEN) {
        sendWithoutWaiting(endpoint, session, messages.cancelled(request));
      }
      throw e;
    }
  }

  private SessionStream.Call listening(
      McpEndpoint endpoint,
      McpSessions.Session session,
      String method,
      Consumer<JsonNode> asked,
      McpLimits limits)
      throws InterruptedException {
    return WAITING.contains(method)
        ? session.stream()
            .begin(
                (known, opened) -> transport.listen(endpoint, session.fields(), known, opened),
                transport.listening(asked),
                limits.left())
        : () -> {};
  }

  /** Sends a request or notification whose answer is of no use. */
  void sendWithoutWaiting(
      McpEndpoint endpoint,
      String revision,
      String method,
      ObjectNode params,
      Map<String, String> more) {
    Thread.startVirtualThread(
        () -> {
          try (AnswerMemory memory = memory()) {
            McpLimits limits = McpLimits.of(SEND_TIMEOUT, 65_536, memory);
            McpReply _ = send(endpoint, revision, method, params, more, limits);
          } catch (McpException e) {
            // Sent only once.
          } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
          }
        });
  }

  private void sendWithoutWaiting(
      McpEndpoint endpoint, McpSessions.Session session, ObjectNode message) {
    Thread.startVirtualThread(
        () -> {
          try (AnswerMemory memory = memory()) {
            McpLimits limits = McpLimits.of(SEND_TIMEOUT, 1024, memory);
            McpReply _ = transport.post(endpoint, session.fields(), message, limits);
          } catch (McpException e) {
            // Sent only once.
          } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
          }
        });
  }
}
