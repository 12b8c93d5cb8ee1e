package dev.errand.tools.mcp;

import dev.errand.tools.mcp.oauth.Credential;
import dev.errand.tools.mcp.oauth.CredentialStore;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Clock;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Builds the views of remote servers. */
@ApplicationScoped
public class McpViews {
  private final ToolSets sets;
  private final CredentialStore credentials;
  private final Clock clock;

  McpViews(ToolSets sets, CredentialStore credentials, Clock clock) {
    this.sets = sets;
    this.credentials = credentials;
    this.clock = clock;
  }

  /** The view of a server. */
  public McpView of(RemoteServer server, String pinned, String connectUrl) {
    @Nullable Credential credential =
        server.usesOAuth() ? credentials.find(server.installationId()).orElse(null) : null;
    return McpView.of(server, change(server, pinned), credential, connectUrl, clock.instant());
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
