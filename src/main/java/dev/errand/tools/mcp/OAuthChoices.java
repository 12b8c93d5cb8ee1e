package dev.errand.tools.mcp;

import dev.errand.base.error.ApiException;
import dev.errand.base.error.ErrorCode;
import dev.errand.base.secret.SealBrokenException;
import dev.errand.tools.mcp.oauth.Credential;
import dev.errand.tools.mcp.oauth.CredentialException;
import dev.errand.tools.mcp.oauth.CredentialStore;
import dev.errand.tools.mcp.oauth.OAuthSetting;
import dev.errand.tools.mcp.oauth.ServerDiscovery;
import dev.errand.tools.mcp.wire.McpEndpoint;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Checks the OAuth settings of a server, and whether it can be connected at all. */
@ApplicationScoped
class OAuthChoices {
  private final ServerDiscovery discovery;
  private final CredentialStore credentials;

  OAuthChoices(ServerDiscovery discovery, CredentialStore credentials) {
    this.discovery = discovery;
    this.credentials = credentials;
  }

  private record Choice(
      @Nullable String clientId, @Nullable String clientSecret, @Nullable String scope) {
    static final Choice NONE = new Choice(null, null, null);

    /** Without the secret. */
    @Override
    public String toString() {
      return "Choice[" + clientId + "]";
    }
  }

  /** Whether a request selects OAuth. */
  static boolean isWanted(RemoteServerRequest wanted, @Nullable RemoteServer present) {
    if (wanted.auth() != null || !wanted.checkedHeaders().isEmpty()) {
      return RemoteServerRequest.OAUTH.equals(wanted.auth());
    }
    return wanted.oauth() != null || (present != null && present.usesOAuth());
  }

  /**
   * Checks a server that is being installed.
   *
   * @throws ApiException when the request is not valid, or the server can't be connected
   */
  AskedServer ask(RemoteServerRequest wanted) throws InterruptedException {
    String _ = wanted.checkedAuth(!wanted.checkedHeaders().isEmpty(), RemoteServerRequest.NONE);
    return discover(wanted.checkedUrl(), wanted(wanted, Choice.NONE, true));
  }

  /**
   * Checks a server that is being changed; empty where its OAuth settings stay.
   *
   * @throws ApiException when the request is not valid, or the server can't be connected
   */
  Optional<AskedServer> askChanged(
      RemoteServer present, RemoteServerRequest wanted, boolean replace)
      throws InterruptedException {
    String _ = wanted.checkedAuth(!wanted.checkedHeaders().isEmpty(), present.auth());
    String url = wanted.url() == null ? present.url() : wanted.checkedUrl();
    Choice now = present(present);
    Choice then = wanted(wanted, now, replace);
    boolean isSame = url.equals(present.url()) && present.usesOAuth() && then.equals(now);
    if (isSame) {
      return Optional.empty();
    }
    AskedServer asked = discover(url, then);
    checkSecret(present, wanted, asked);
    return Optional.of(asked);
  }

  private void checkSecret(RemoteServer present, RemoteServerRequest wanted, AskedServer asked) {
    OAuthSetting setting = Objects.requireNonNull(asked.oauth());
    RemoteServerRequest.OAuth oauth = wanted.oauth();
    String sent = oauth == null ? null : oauth.clientSecret();
    boolean keeps =
        setting.clientSecret() != null && (sent == null || sent.equals(RemoteServerRequest.SET));
    if (keeps
        && credentials
            .find(present.installationId())
            .filter(credential -> credential.issuer().equals(setting.issuer()))
            .isEmpty()) {
      throw new ApiException(
          ErrorCode.KEY_REQUIRED,
          "The client's secret is for the previous authorization server and is not sent to another:"
              + " send mcp.oauth.client_id and mcp.oauth.client_secret again.");
    }
  }

  private Choice present(RemoteServer server) {
    Optional<Credential> credential = credentials.find(server.installationId());
    if (credential.isEmpty()) {
      return Choice.NONE;
    }
    Credential now = credential.get();
    try {
      return new Choice(now.clientId(), credentials.clientSecret(now), now.askedScope());
    } catch (SealBrokenException e) {
      return new Choice(now.clientId(), null, now.askedScope());
    }
  }

  private static Choice wanted(RemoteServerRequest request, Choice now, boolean replace) {
    RemoteServerRequest.OAuth oauth = request.oauth();
    if (oauth == null) {
      return replace ? Choice.NONE : now;
    }
    Choice kept = replace ? Choice.NONE : now;
    String clientId =
        oauth.clientId() == null
            ? kept.clientId
            : RemoteServerRequest.checkedText("client_id", oauth.clientId());
    String secret =
        oauth.clientSecret() == null
            ? (Objects.equals(clientId, kept.clientId) ? kept.clientSecret : null)
            : RemoteServerRequest.checkedText("client_secret", oauth.clientSecret());
    if (RemoteServerRequest.SET.equals(secret)) {
      secret = Objects.equals(clientId, now.clientId) ? now.clientSecret : null;
      if (secret == null) {
        throw ApiException.invalid(
            "mcp.oauth.client_secret", "has no stored value that \"set\" could keep");
      }
    }
    if (secret != null && clientId == null) {
      throw ApiException.invalid("mcp.oauth.client_id", "is required with a client_secret");
    }
    return new Choice(
        clientId,
        secret,
        oauth.scope() == null
            ? kept.scope
            : RemoteServerRequest.checkedText("scope", oauth.scope()));
  }

  private AskedServer discover(String url, Choice choice) throws InterruptedException {
    try {
      ServerDiscovery.DiscoveredServer found = discovery.find(url);
      return new AskedServer(
          new McpEndpoint(url, Map.of()),
          RemoteServerRequest.OAUTH,
          FoundTools.NONE,
          new OAuthSetting(
              found.server().issuer(), choice.clientId, choice.clientSecret, choice.scope));
    } catch (CredentialException e) {
      throw new ApiException(ErrorCode.MCP_SERVER_FAILED, e.sentence());
    }
  }
}
