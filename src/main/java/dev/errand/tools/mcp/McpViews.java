package dev.errand.tools.mcp;

import dev.errand.identity.oauth.OAuthUrls;
import dev.errand.tools.mcp.oauth.Credential;
import dev.errand.tools.mcp.oauth.CredentialStore;
import dev.errand.tools.mcp.oauth.OwnClient;
import io.quarkus.vertx.http.runtime.CurrentVertxRequest;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Clock;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Builds the views of remote servers for the answer to a request. */
@ApplicationScoped
public class McpViews {
  private final ToolSets sets;
  private final CredentialStore credentials;
  private final OAuthUrls urls;
  private final CurrentVertxRequest http;
  private final Clock clock;

  McpViews(
      ToolSets sets,
      CredentialStore credentials,
      OAuthUrls urls,
      CurrentVertxRequest http,
      Clock clock) {
    this.sets = sets;
    this.credentials = credentials;
    this.urls = urls;
    this.http = http;
    this.clock = clock;
  }

  /**
   * The view of a server.
   *
   * @param connectPath where a person connects it, relative to the base of the service
   */
  public McpView of(RemoteServer server, String pinned, String connectPath) {
    @Nullable Credential credential =
        server.usesOAuth() ? credentials.find(server.installationId()).orElse(null) : null;
    return McpView.of(
        server,
        change(server, pinned),
        credential == null ? null : connection(credential, connectPath),
        clock.instant());
  }

  private McpView.Connection connection(Credential credential, String connectPath) {
    OwnClient own = new OwnClient(urls.base(http.getCurrent().request()));
    return new McpView.Connection(
        credential, own.address(connectPath), own.address(credential.redirectPath()));
  }

  private @Nullable ToolChange change(RemoteServer server, String pinned) {
    if (server.changeDigest() == null || server.changedAt() == null) {
      return null;
    }
    Optional<ToolSet> before = sets.find(pinned);
    Optional<ToolSet> after = sets.find(server.changeDigest());
    return before.isPresent() && after.isPresent()
        ? ToolChange.of(before.get(), after.get(), server.changedAt())
        : null;
  }
}
