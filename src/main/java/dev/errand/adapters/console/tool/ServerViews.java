package dev.errand.adapters.console.tool;

import dev.errand.adapters.console.page.PageTime;
import dev.errand.adapters.console.tool.ServerView.Connection;
import dev.errand.base.json.Coded;
import dev.errand.tools.install.InstallationView;
import dev.errand.tools.mcp.McpView;
import dev.errand.tools.mcp.OnChange;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Shows remote servers in the pages of their installations. */
final class ServerViews {
  private ServerViews() {}

  /**
   * A server.
   *
   * @param base the path under which the service is reached
   */
  static ServerView of(InstallationView installation, McpView server, String base) {
    return new ServerView(
        String.valueOf(server.url()),
        auth(server),
        List.copyOf(server.headers().keySet()),
        credential(server),
        PageTime.orNull(server.credential().expiresAt()),
        server.revision(),
        PageTime.of(server.checkedAt()),
        server.failure(),
        server.leftOut(),
        onChange(installation),
        connection(server, base),
        server.change() == null ? null : ChangeView.of(server.change()));
  }

  private static String auth(McpView server) {
    return server.usesOAuth() ? "OAuth" : server.headers().isEmpty() ? "nothing" : "header fields";
  }

  private static String credential(McpView server) {
    return switch (server.credential().state()) {
      case "ok" -> "accepted";
      case "expiring" -> "expires soon";
      case "failing" -> "refused";
      default -> server.usesOAuth() ? "not connected" : "none";
    };
  }

  private static String onChange(InstallationView installation) {
    OnChange then =
        Coded.find(OnChange.class, String.valueOf(installation.settings().onChange()))
            .orElseThrow();
    return switch (then) {
      case HOLD -> "the pinned tools are used";
      case DISABLE -> "all tools are off";
      case ACCEPT -> "the change is accepted at once";
    };
  }

  private static @Nullable Connection connection(McpView server, String base) {
    McpView.OAuth oauth = server.oauth();
    return oauth == null
        ? null
        : new Connection(
            base + server.connectUrl(),
            oauth.connectedAt() != null,
            oauth.issuer(),
            oauth.grantedScope(),
            oauth.lackedScope(),
            oauth.connectedBy(),
            PageTime.orNull(oauth.connectedAt()));
  }
}
