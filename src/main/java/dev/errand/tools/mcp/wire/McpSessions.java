package dev.errand.tools.mcp.wire;

import com.fasterxml.jackson.databind.JsonNode;
import dev.errand.base.budget.LruCache;
import dev.errand.tools.mcp.wire.McpException.Kind;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * The sessions that this process has with servers of the older revisions, opened when they are
 * needed. Thread-safe.
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
   * @param revision the revision that was agreed on
   * @param id what the server calls it; null where it keeps none
   */
  record Session(String revision, @Nullable String id) {
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

  /** Forgets the session that is open. */
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
    String place = StreamableHttp.place(endpoint.url());
    McpErrors.check(place, reply);
    JsonNode result = reply.message().path("result");
    String revision = result.path("protocolVersion").asText("");
    if (!KNOWN.contains(revision)) {
      throw new McpException(
          Kind.UNUSABLE,
          "%s speaks a revision of MCP that is not known here: it has to be one of %s or %s."
              .formatted(place, new TreeSet<>(KNOWN), McpMessages.MODERN));
    }
    Session session = new Session(revision, sound(reply.sessionId()));
    // What comes of it is not looked at: a server that minds refuses what follows.
    McpReply _ =
        transport.post(
            endpoint, session.fields(), messages.notification("notifications/initialized"), limits);
    open.put(endpoint.fingerprint(), session);
    return session;
  }

  // It is sent back as it is, and has to be visible ASCII.
  private static @Nullable String sound(@Nullable String id) {
    return id != null && id.length() <= 4096 && id.chars().allMatch(c -> c > ' ' && c <= '~')
        ? id
        : null;
  }
}
