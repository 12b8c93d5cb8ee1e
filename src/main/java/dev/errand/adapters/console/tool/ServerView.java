package dev.errand.adapters.console.tool;

import dev.errand.base.json.Coded;
import dev.errand.tools.install.InstallationView;
import dev.errand.tools.mcp.McpView;
import dev.errand.tools.mcp.OnChange;
import org.jspecify.annotations.Nullable;

/** A remote server in the page of its installation. */
public record ServerView(InstallationView installation, McpView mcp) {

  /** How calls are authenticated, in words. */
  public String auth() {
    return mcp.usesOAuth() ? "OAuth" : mcp.headers().isEmpty() ? "nothing" : "header fields";
  }

  /** The state of the sign-in, in words. */
  public String credential() {
    return switch (mcp.credential().asState()) {
      case OK -> "accepted";
      case EXPIRING -> "expires soon";
      case FAILING -> "refused";
      case NONE -> mcp.usesOAuth() ? "not connected" : "none";
    };
  }

  /** What happens when its tools change, in words. */
  public String onChange() {
    OnChange then =
        Coded.find(OnChange.class, String.valueOf(installation.settings().onChange()))
            .orElseThrow();
    return switch (then) {
      case HOLD -> "the pinned tools are used";
      case DISABLE -> "all tools are off";
      case ACCEPT -> "the change is accepted at once";
    };
  }

  /** How its tools differ from the pinned ones; null where they do not. */
  public @Nullable ChangeView change() {
    return mcp.change() == null ? null : ChangeView.of(mcp.change());
  }
}
