package dev.errand.tools.mcp.wire;

import com.fasterxml.jackson.databind.JsonNode;
import dev.errand.base.limit.LruCache;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * The sessions that this process has with servers of the older revisions, opened when needed.
 * Thread-safe.
 */
@ApplicationScoped
class McpSessions {
  private static final int MOST = 500;
  private static final Set<String> KNOWN = Set.of(McpMessages.LEGACY, "2025-06-18", "2025-03-26");

  private final StreamableHttp transport;
  private final McpMessages messages;
  private final LruCache<String, Session> open = new LruCache<>(MOST);

  McpSessions(StreamableHttp transport, McpMessages messages) {
    this.transport = transport;
    this.messages = messages;
  }

  /**
   * A session.
   *
   * @param id the server's session id; null where it has none
   * @param takesTasks whether it runs tools as tasks for clients that ask for that
   * @param stream the stream on which it sends requests that belong to no call
   */
  record Session(String revision, @Nullable String id, boolean takesTasks, SessionStream stream) {
    /** The header fields that every message of the session has. */
    Map<String, String> fields() {
      return id == null
          ? Map.of("MCP-Protocol-Version", revision)
          : Map.of("MCP-Protocol-Version", revision, "Mcp-Session-Id", id);
    }
  }

  /** The session that is open, if there is one. */
  Optional<Session> known(McpEndpoint endpoint) {
    return open.find(endpoint.fingerprint());
  }

  void forget(McpEndpoint endpoint) {
    open.remove(endpoint.fingerprint());
  }

  /**
   * Opens a session by the handshake.
   *
   * @throws McpException when the server does not agree
   */
  Session open(McpEndpoint endpoint, McpLimits limits) throws McpException, InterruptedException {
    McpReply reply = transport.post(endpoint, Map.of(), messages.initialize(), limits);
    String place = endpoint.place();
    McpErrors.check(place, reply);
    JsonNode result = reply.message().path("result");
    String revision = result.path("protocolVersion").asText("");
    if (!KNOWN.contains(revision)) {
      throw new McpException(
          McpFailure.UNUSABLE,
          "%s uses an unknown revision of MCP: it must be one of %s or %s."
              .formatted(place, new TreeSet<>(KNOWN), McpMessages.MODERN));
    }
    String id = sound(reply.sessionId());
    boolean takesTasks = result.at("/capabilities/tasks/requests/tools/call").isObject();
    // Without a session, a server can't know whose stream it is.
    Session session = new Session(revision, id, takesTasks, new SessionStream(id != null));
    // The answer is ignored: a server that did not accept it will refuse the next request.
    McpReply _ =
        transport.post(
            endpoint, session.fields(), messages.notification("notifications/initialized"), limits);
    open.put(endpoint.fingerprint(), session);
    return session;
  }

  // It is sent back unchanged, and has to be visible ASCII.
  private static @Nullable String sound(@Nullable String id) {
    return id != null && id.length() <= 4096 && id.chars().allMatch(c -> c > ' ' && c <= '~')
        ? id
        : null;
  }
}
