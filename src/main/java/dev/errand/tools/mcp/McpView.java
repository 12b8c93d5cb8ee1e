package dev.errand.tools.mcp;

import com.fasterxml.jackson.annotation.JsonIgnore;
import com.fasterxml.jackson.annotation.JsonInclude;
import dev.errand.base.field.ApiSchema;
import dev.errand.base.field.Field;
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
 * @param auth how calls are authenticated: {@code none}, {@code headers} or {@code oauth}
 */
@RegisterForReflection
@JsonInclude(JsonInclude.Include.ALWAYS)
@ApiSchema(value = "RemoteServer", description = "A remote MCP server; absent for servlets.")
public record McpView(
    @Field("Absent for callers who only see the profile because it is public.")
        @JsonInclude(JsonInclude.Include.NON_NULL)
        @Nullable String url,
    @Field(values = {"none", "headers", "oauth"}) String auth,
    @Field(
            value = "`set` by name; never a value.",
            values = {"set"})
        Map<String, String> headers,
    @Field Health credential,
    @Field("With `\"auth\": \"oauth\"`, for members of the profile.")
        @JsonInclude(JsonInclude.Include.NON_NULL)
        @Nullable OAuth oauth,
    @Field("The absolute address at which a person connects it.")
        @JsonInclude(JsonInclude.Include.NON_NULL)
        @Nullable String connectUrl,
    @Field("The revision of MCP that it uses.") String revision,
    @Field("When it was last asked for its tools.") Instant checkedAt,
    @Field("Why that failed.") @Nullable String failure,
    @Field("The tools that can't be used, each with the reason.") List<String> leftOut,
    @Field(value = "How its tools differ from the pinned ones.", schema = "ToolChange")
        @Nullable ToolChange change) {
  /** The state of the credentials. */
  @RegisterForReflection
  @JsonInclude(JsonInclude.Include.ALWAYS)
  public record Health(
      @Field(
              value =
                  "`expiring`: it expires within a day and can't be renewed, or the last "
                      + "renewal failed. `failing`: the server refused it, or it can't "
                      + "be\nrenewed any more; somebody has to connect the server again or "
                      + "change the header fields.\n",
              codes = Credential.State.class)
          String state,
      @Field("The expiry of the access token, which is renewed before that if " + "possible.")
          @Nullable Instant expiresAt) {
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
   * @param grantedScope the granted scopes; null where they are not known
   */
  @RegisterForReflection
  @JsonInclude(JsonInclude.Include.ALWAYS)
  public record OAuth(
      @Field @Nullable String clientId,
      @Field(values = {"set"}) @Nullable String clientSecret,
      @Field @Nullable String scope,
      @Field("The authorization server that the server names.") String issuer,
      @Field("The absolute redirect address for a client that is registered there " + "by hand.")
          String redirectUrl,
      @Field @Nullable String grantedScope,
      @Field("The scopes that a call lacked; the next connection requests them, too.")
          @Nullable String lackedScope,
      @Field @Nullable String connectedBy,
      @Field @Nullable Instant connectedAt) {
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
