package dev.errand.adapters.console.tool;

import dev.errand.tools.install.InstallationView;
import dev.errand.tools.mcp.McpView;
import dev.errand.tools.mcp.OnChange;
import java.util.Objects;

/**
 * The state of an installation in a word or two.
 *
 * @param mark its CSS class, as for the status of a run
 * @param text the words
 */
public record Standing(String mark, String text) {

  /** The most important state of an installation that needs an action. */
  static Standing of(InstallationView installation) {
    McpView server = installation.mcp();
    if (server == null) {
      return Lacks.of(installation).isEmpty()
          ? new Standing("ready", "ready")
          : new Standing("pending", "incomplete");
    }
    String credential = server.credential().state();
    if (credential.equals("failing")) {
      return new Standing("error", "refused");
    }
    if (server.usesOAuth() && credential.equals("none")) {
      return new Standing("pending", "not connected");
    }
    if (server.change() != null) {
      return isOff(installation)
          ? new Standing("error", "off: tools changed")
          : new Standing("running", "tools changed");
    }
    if (server.failure() != null) {
      return new Standing("error", "unreachable");
    }
    return credential.equals("expiring")
        ? new Standing("running", "expires soon")
        : new Standing("ready", "ready");
  }

  /** Whether all tools of a server are off until a person accepts their changes. */
  static boolean isOff(InstallationView installation) {
    McpView server = installation.mcp();
    return server != null
        && server.change() != null
        && Objects.equals(installation.settings().onChange(), OnChange.DISABLE.text());
  }
}
