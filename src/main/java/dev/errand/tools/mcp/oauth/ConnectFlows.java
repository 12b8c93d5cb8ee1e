package dev.errand.tools.mcp.oauth;

import dev.errand.base.secret.RandomText;
import dev.errand.base.secret.SealBrokenException;
import dev.errand.base.secret.Sha256;
import dev.errand.tools.mcp.oauth.CredentialStore.HeldTokens;
import jakarta.enterprise.context.ApplicationScoped;
import java.net.URI;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * Redirects people to the authorization server of a remote server, and receives the code with which
 * they are redirected back (RFC 6749, section 4.1, with RFC 7636, RFC 8707 and RFC 9207).
 */
@ApplicationScoped
public class ConnectFlows {
  private static final String OFFLINE = "offline_access";

  private final ServerDiscovery discovery;
  private final ClientRegistrations clients;
  private final TokenRequests requests;
  private final CredentialStore store;
  private final FlowStore flows;

  ConnectFlows(
      ServerDiscovery discovery,
      ClientRegistrations clients,
      TokenRequests requests,
      CredentialStore store,
      FlowStore flows) {
    this.discovery = discovery;
    this.clients = clients;
    this.requests = requests;
    this.store = store;
    this.flows = flows;
  }

  /**
   * The authorization server's redirect.
   *
   * @param path the path of the redirect address at which it arrived
   * @param code the code; null where there is none
   * @param issuer the issuer that answers; null where it is not named
   * @param error why there is no code; null where there is one
   * @param description the error in the server's words; null for none
   */
  public record Redirected(
      String path,
      @Nullable String code,
      @Nullable String issuer,
      @Nullable String error,
      @Nullable String description) {
    /** Without the code. */
    @Override
    public String toString() {
      return "Redirected[" + error + "]";
    }
  }

  /** The next step of a person who connects a server. */
  public sealed interface Step {
    /** The person goes to the authorization server. */
    record ToServer(URI address) implements Step {}

    /**
     * The person is asked first, since the answer need not name its server. The authorization
     * server may name, or redirect to, another server's consent page: with an open registration,
     * anybody has a client there that looks like this service. Only the person sees which page
     * asks.
     *
     * @param site where the authorization server has access granted: a scheme, host and port
     * @param place the same for people
     * @param isElsewhere whether that is another site than the authorization server's
     * @param issuer the authorization server, for people
     * @param receiver where the tokens are issued, for people
     * @param server the MCP server, for people
     */
    record Question(
        String site,
        String place,
        boolean isElsewhere,
        String issuer,
        String receiver,
        String server)
        implements Step {}
  }

  /**
   * The request to connect a server.
   *
   * @param registersAnew whether the client that was registered for the user before is not used
   * @param confirmedSite the site at which the person has confirmed to grant access; null for none
   */
  public record ConnectRequest(
      OwnClient own, boolean registersAnew, @Nullable String confirmedSite) {}

  /**
   * Starts to connect a server.
   *
   * @throws CredentialException where the server can't be connected
   */
  public Step begin(UUID installationId, String url, UUID accountId, ConnectRequest wanted)
      throws CredentialException, InterruptedException {
    Credential credential =
        store
            .find(installationId)
            .orElseThrow(() -> CredentialException.lasting("The server is not set up for OAuth."));
    ServerDiscovery.DiscoveredServer found = discovery.find(url);
    AuthorizationServer server = found.server();
    if (credential.clientId() != null && !server.issuer().equals(credential.issuer())) {
      throw CredentialException.lasting(
          "The server names another authorization server than the one with which the client is registered,"
              + " %s: send mcp.oauth.client_id again.".formatted(server.issuer()));
    }
    // Also where its answer is promised to name it: a hostile server may register an address at an
    // honest one that ends in its own name.
    String site = OAuthHttp.origin(server.authorizationEndpoint());
    if (!site.equals(wanted.confirmedSite)) {
      return new Step.Question(
          site,
          OAuthHttp.shown(site),
          server.mayLeadElsewhere(),
          OAuthHttp.shown(server.issuer()),
          OAuthHttp.shown(server.tokenEndpoint()),
          OAuthHttp.shown(url));
    }
    ClientRegistrations.Chosen chosen;
    try {
      chosen =
          clients.find(
              server, store.byHand(credential), wanted.own, accountId, wanted.registersAnew);
    } catch (SealBrokenException e) {
      throw CredentialException.lasting(
          "The secret of the client can't be opened: send mcp.oauth.client_secret again.");
    }
    String scope = scope(credential, found);
    Connection connection =
        new Connection(
            url,
            found.resource(),
            server.issuer(),
            server.tokenEndpoint(),
            server.revocationEndpoint(),
            server.namesIssuer(),
            chosen.client(),
            chosen.redirectUri(),
            scope);
    FlowStore.Flow flow = new FlowStore.Flow(connection, RandomText.generate());
    String state = RandomText.generate();
    if (!flows.keep(state, installationId, accountId, flow)) {
      throw CredentialException.lasting("The server has just been uninstalled.");
    }
    return new Step.ToServer(address(server, flow, state));
  }

  // Scopes of the former request are requested again, so that no working access is lost.
  private static @Nullable String scope(
      Credential credential, ServerDiscovery.DiscoveredServer found) {
    String asked = credential.askedScope() == null ? found.scope() : credential.askedScope();
    String scope =
        credential.lackedScope() == null
            ? Credentials.union(asked, null)
            : Credentials.union(
                Credentials.union(asked, credential.scope()), credential.lackedScope());
    if (!scope.isEmpty() && found.server().scopes().contains(OFFLINE)) {
      scope = Credentials.union(scope, OFFLINE);
    }
    return scope.isEmpty() ? null : scope;
  }

  private static URI address(AuthorizationServer server, FlowStore.Flow flow, String state) {
    Connection connection = flow.connection();
    Map<String, String> query = new LinkedHashMap<>();
    query.put("response_type", "code");
    query.put("client_id", connection.client().id());
    query.put("redirect_uri", connection.redirectUri());
    query.put(
        "code_challenge",
        Base64.getUrlEncoder().withoutPadding().encodeToString(Sha256.of(flow.verifier())));
    query.put("code_challenge_method", "S256");
    query.put("state", state);
    query.put("resource", connection.resource());
    String scope = connection.scope();
    if (scope != null) {
      query.put("scope", scope);
      if (scope.contains(OFFLINE)) {
        // OpenID Connect Core, section 11: without it, a server may ignore offline_access.
        query.put("prompt", "consent");
      }
    }
    return server.authorizationAddress(query);
  }

  /**
   * Takes a flow that a user has started, which can be completed once.
   *
   * @param state identifies the flow; null where it is missing
   * @throws CredentialException where the user has not started it in the last 15 minutes
   */
  public FlowStore.Taken take(UUID accountId, @Nullable String state) throws CredentialException {
    return Optional.ofNullable(state)
        .flatMap(known -> flows.take(known, accountId))
        .orElseThrow(
            () ->
                CredentialException.lasting(
                    "This answer does not belong to a connection that you have started in the last"
                        + " 15 minutes: open the connect link again."));
  }

  /**
   * Gets the tokens.
   *
   * @throws CredentialException where the server is not connected
   */
  public void complete(FlowStore.Taken begun, UUID accountId, Redirected answer)
      throws CredentialException, InterruptedException {
    Connection connection = begun.flow().connection();
    String issuer = answer.issuer();
    // An answer of another issuer must not be processed further (RFC 9207, section 2.4; RFC 9700,
    // section 4.4.2).
    if (!connection.redirectUri().endsWith(answer.path())
        || (issuer == null ? connection.namesIssuer() : !issuer.equals(connection.issuer()))) {
      throw CredentialException.lasting(
          ("The answer is not from the authorization server that was used, %s: nothing was"
                  + " connected.")
              .formatted(connection.issuer()));
    }
    String code = answer.code();
    if (answer.error() != null || code == null) {
      throw CredentialException.lasting(refusal(answer));
    }
    GrantedTokens tokens;
    try {
      tokens = requests.exchange(connection, code, begun.flow().verifier());
    } catch (CredentialException e) {
      clients.noteRefusal(connection, e);
      throw e;
    }
    if (!store.connect(begun.installationId(), accountId, new HeldTokens(connection, tokens))) {
      throw CredentialException.lasting(
          "The server was changed meanwhile: open the connect link again.");
    }
  }

  private static String refusal(Redirected answer) {
    if ("access_denied".equals(answer.error())) {
      return "The access was refused: nothing was connected.";
    }
    String description = answer.description();
    return "The authorization server granted no access: %s%s"
        .formatted(
            answer.error() == null ? "no code" : answer.error(),
            description == null ? "." : " (" + description + ").");
  }
}
