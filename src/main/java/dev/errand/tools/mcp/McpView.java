package dev.errand.tools.mcp;

import com.fasterxml.jackson.annotation.JsonIgnore;
import com.fasterxml.jackson.annotation.JsonInclude;
import dev.errand.base.json.Coded;
import dev.errand.tools.mcp.oauth.Credential;
import dev.errand.tools.mcp.oauth.Credential.State;
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
 * @param auth how calls are authenticated: {@code none}, {@code headers} or {@code oauth}
 * @param headers the names of its header fields, each with {@code set}; never a value
 * @param oauth how it is connected; null without OAuth, or where it is shown to the public
 * @param connectUrl the absolute address at which a person connects it; null as before
 * @param failure why that failed, or a call was refused; null where neither is so
 * @param change how its tools differ from the pinned ones; null where they do not
 */
@RegisterForReflection
@JsonInclude(JsonInclude.Include.ALWAYS)
public record McpView(
    @JsonInclude(JsonInclude.Include.NON_NULL) @Nullable String url,
    String auth,
    Map<String, String> headers,
    Health credential,
    @JsonInclude(JsonInclude.Include.NON_NULL) @Nullable OAuth oauth,
    @JsonInclude(JsonInclude.Include.NON_NULL) @Nullable String connectUrl,
    String revision,
    Instant checkedAt,
    @Nullable String failure,
    List<String> leftOut,
    @Nullable ToolChange change) {
  /**
   * The state of the credentials.
   *
   * @param state {@code none}, {@code ok}, {@code expiring} where they end within a day and can't
   *     be renewed, or the last renewal failed, or {@code failing} where a person has to act
   * @param expiresAt when they expire unless they are renewed before; null where that is not known
   */
  @RegisterForReflection
  @JsonInclude(JsonInclude.Include.ALWAYS)
  public record Health(String state, @Nullable Instant expiresAt) {
    Health(State state, @Nullable Instant expiresAt) {
      this(state.code(), expiresAt);
    }

    /** The state as what it is. */
    public State asState() {
      return Coded.of(State.class, state);
    }
  }

  /**
   * How a server is connected.
   *
   * @param clientId the client that was registered by hand; null for none
   * @param clientSecret {@code set}, or null where that client has none
   * @param scope the scopes to request; null for those that the server names
   * @param redirectUrl the absolute redirect address for a client that is registered by hand
   * @param grantedScope the granted scopes; null where they are not known
   * @param lackedScope the scopes that a call lacked, which the next connection requests; null for
   *     none
   */
  @RegisterForReflection
  @JsonInclude(JsonInclude.Include.ALWAYS)
  public record OAuth(
      @Nullable String clientId,
      @Nullable String clientSecret,
      @Nullable String scope,
      String issuer,
      String redirectUrl,
      @Nullable String grantedScope,
      @Nullable String lackedScope,
      @Nullable String connectedBy,
      @Nullable Instant connectedAt) {
    static OAuth of(Connection connection) {
      Credential credential = connection.credential;
      return new OAuth(
          credential.clientId(),
          credential.clientSecretSealed() == null ? null : RemoteServerRequest.SET,
          credential.askedScope(),
          credential.issuer(),
          connection.redirectUrl,
          credential.scope(),
          credential.lackedScope(),
          credential.connectedBy(),
          credential.connectedAt());
    }
  }

  /**
   * The credential of a server, and where a person connects it.
   *
   * @param url the absolute address
   * @param redirectUrl the absolute redirect address for a client that is registered by hand
   */
  record Connection(Credential credential, String url, String redirectUrl) {}

  /** The view for everyone in a public profile. */
  public McpView forPublic() {
    return new McpView(
        null, auth, Map.of(), credential, null, null, revision, checkedAt, null, List.of(), null);
  }

  /** Whether a person connects it. */
  @JsonIgnore
  public boolean usesOAuth() {
    return auth.equals(RemoteServerRequest.OAUTH);
  }

  static McpView of(
      RemoteServer server,
      @Nullable ToolChange change,
      @Nullable Connection connection,
      Instant now) {
    Credential credential = connection == null ? null : connection.credential;
    SortedMap<String, String> headers = new TreeMap<>();
    server.headerNames().forEach(name -> headers.put(name, RemoteServerRequest.SET));
    return new McpView(
        server.url(),
        server.auth(),
        headers,
        health(server, credential, now),
        connection == null ? null : OAuth.of(connection),
        connection == null ? null : connection.url,
        server.revision(),
        server.checkedAt(),
        reason(server, credential, now),
        server.leftOut(),
        change);
  }

  private static @Nullable String reason(
      RemoteServer server, @Nullable Credential credential, Instant now) {
    String ofCredential = credential == null ? null : credential.reason(now);
    return ofCredential == null ? server.failure() : ofCredential;
  }

  private static Health health(RemoteServer server, @Nullable Credential credential, Instant now) {
    if (credential == null) {
      boolean none = server.auth().equals(RemoteServerRequest.NONE);
      return new Health(server.refused() ? State.FAILING : none ? State.NONE : State.OK, null);
    }
    State state = credential.state(now);
    if (server.refused() && state != State.NONE) {
      state = State.FAILING;
    }
    return new Health(state, credential.expiresAt());
  }
}
