package dev.errand.tools.mcp;

import com.fasterxml.jackson.annotation.JsonInclude;
import dev.errand.tools.mcp.pin.ToolChange;
import io.quarkus.runtime.annotations.RegisterForReflection;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * A remote server as answers show it.
 *
 * @param url its address; null where it is shown to the public
 * @param auth how it is asked: {@code none} or {@code headers}
 * @param headers the names of its header fields, each with {@code set}; never a value
 * @param credential the state of its credentials
 * @param revision the revision of MCP that it spoke last
 * @param checkedAt when it was asked last
 * @param failure why it could not be asked last; null where it could
 * @param leftOut the tools that can't be used, each with the reason
 * @param change how its tools differ from the pinned ones; null where they do not
 */
@RegisterForReflection
@JsonInclude(JsonInclude.Include.ALWAYS)
public record McpView(
    @JsonInclude(JsonInclude.Include.NON_NULL) @Nullable String url,
    String auth,
    Map<String, String> headers,
    Credential credential,
    String revision,
    Instant checkedAt,
    @Nullable String failure,
    List<String> leftOut,
    @Nullable ToolChange change) {

  /**
   * The state of the credentials.
   *
   * @param state {@code none}, {@code ok}, or {@code failing} where the server refused them last
   * @param expiresAt when they expire; null where that is not known
   */
  @RegisterForReflection
  @JsonInclude(JsonInclude.Include.ALWAYS)
  public record Credential(String state, @Nullable Instant expiresAt) {}

  /** What everybody may see of it in a public profile. */
  public McpView forPublic() {
    return new McpView(
        null, auth, Map.of(), credential, revision, checkedAt, null, List.of(), null);
  }

  static McpView of(RemoteServer server, @Nullable ToolChange change) {
    SortedMap<String, String> headers = new TreeMap<>();
    server.headerNames().forEach(name -> headers.put(name, RemoteServerRequest.SET));
    String state =
        server.refused()
            ? "failing"
            : server.auth().equals(RemoteServerRequest.NONE) ? "none" : "ok";
    return new McpView(
        server.url(),
        server.auth(),
        headers,
        new Credential(state, null),
        server.revision(),
        server.checkedAt(),
        server.failure(),
        server.leftOut(),
        change);
  }
}
