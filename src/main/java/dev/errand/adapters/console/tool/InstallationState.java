package dev.errand.adapters.console.tool;

import dev.errand.adapters.console.page.Mark;
import dev.errand.tools.install.InstallationView;
import dev.errand.tools.mcp.McpView;
import dev.errand.tools.mcp.OnChange;
import dev.errand.tools.mcp.oauth.Credential.State;
import java.util.List;
import java.util.Objects;

/** The state of an installation in a word or two. */
public record InstallationState(Mark mark, String text) {
  /** Nothing has to be done. */
  public static final InstallationState READY = new InstallationState(Mark.READY, "ready");

  /** The most important state of an installation that needs an action. */
  public static InstallationState of(InstallationView installation) {
    McpView server = installation.mcp();
    if (server == null) {
      return MissingNeeds.of(installation).isEmpty()
          ? READY
          : new InstallationState(Mark.PENDING, "incomplete");
    }
    State credential = server.credential().asState();
    if (credential == State.FAILING) {
      return new InstallationState(Mark.ERROR, "refused");
    }
    if (server.usesOAuth() && credential == State.NONE) {
      return new InstallationState(Mark.PENDING, "not connected");
    }
    if (server.change() != null) {
      return isOff(installation)
          ? new InstallationState(Mark.ERROR, "off: tools changed")
          : new InstallationState(Mark.RUNNING, "tools changed");
    }
    if (server.failure() != null) {
      return new InstallationState(Mark.ERROR, "unreachable");
    }
    if (credential == State.EXPIRING) {
      return new InstallationState(Mark.RUNNING, "expires soon");
    }
    return isUnchosen(installation) ? new InstallationState(Mark.PENDING, "no tool chosen") : READY;
  }

  /** Whether nobody has chosen a tool that is on. */
  static boolean isUnchosen(InstallationView installation) {
    return List.of().equals(installation.switches().enabled());
  }

  /** Whether all tools of a server are off until a person accepts their changes. */
  static boolean isOff(InstallationView installation) {
    McpView server = installation.mcp();
    return server != null
        && server.change() != null
        && Objects.equals(installation.settings().onChange(), OnChange.DISABLE.code());
  }
}
