package dev.errand.tools.install;

import dev.errand.base.database.Outage;
import dev.errand.base.secret.SealBrokenException;
import dev.errand.tools.install.need.Needs;
import dev.errand.tools.install.need.Warning;
import dev.errand.tools.servlet.code.ContentAddress;
import dev.errand.tools.tool.Content;
import dev.errand.tools.tool.PermittedTool;
import dev.errand.tools.tool.ToolCall;
import dev.errand.tools.tool.ToolResult;
import dev.errand.tools.tool.ToolSource;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.jboss.logging.Logger;

/** Calls the tools of installations. Permissions are read at each call. */
@ApplicationScoped
class InstalledTools {
  private static final Logger LOG = Logger.getLogger(InstalledTools.class);
  private static final Duration PATIENCE = Duration.ofSeconds(10);

  private final InstallationRows rows;
  private final Config config;

  InstalledTools(InstallationRows rows, Config config) {
    this.rows = rows;
    this.config = config;
  }

  /** What a call may do now, or why there is none. */
  private sealed interface Permission {
    /** It may be made with this. */
    record Granted(PermittedTool tool, Needs needs) implements Permission {}

    /** It may not be made. */
    record Refused(String sentence) implements Permission {}
  }

  /**
   * Calls a tool.
   *
   * @param session what it is called through
   * @param installationId whose tool it is
   * @param address the content address of the version that is called
   * @param tool its name as its source gives it
   * @param shown its name as the caller knows it
   */
  ToolResult call(
      ToolSource.Session session,
      UUID installationId,
      ContentAddress address,
      String tool,
      String shown,
      ToolCall call)
      throws InterruptedException {
    Permission permission =
        Outage.outlast(PATIENCE, () -> permission(installationId, address, tool, shown));
    return switch (permission) {
      case Permission.Refused(var sentence) -> ToolResult.error(sentence);
      case Permission.Granted(var permitted, var needs) ->
          explained(session.call(permitted, call), needs);
    };
  }

  /** A failure, with what the installation lacks: that is likely why. */
  private static ToolResult explained(ToolResult result, Needs needs) {
    if (!result.isError()) {
      return result;
    }
    List<Content> content = new ArrayList<>(result.content());
    String said = result.joinedText();
    needs.warnings().stream()
        .map(Warning::message)
        // A host that was refused has its command already.
        .filter(message -> !said.contains(message.substring(message.indexOf("curl"))))
        .map(Content.Text::new)
        .forEach(content::add);
    return new ToolResult(content, true);
  }

  private Permission permission(
      UUID installationId, ContentAddress address, String tool, String shown) {
    Optional<InstallationRows.Permitted> found = rows.permitted(installationId);
    if (found.isEmpty()) {
      return new Permission.Refused("The tool " + shown + " is no longer installed.");
    }
    InstallationRows.Permitted now = found.get();
    if (now.disabledTools().contains(tool)) {
      return new Permission.Refused("The tool " + shown + " is switched off.");
    }
    Map<String, String> opened;
    try {
      opened = config.open(installationId, now.configSealed());
    } catch (SealBrokenException e) {
      LOG.errorf(
          "The settings of the installation %s can't be opened: %s",
          installationId, e.getMessage());
      return new Permission.Refused(
          "The settings of the tool " + shown + " can't be opened: they must be set anew.");
    }
    return new Permission.Granted(
        new PermittedTool(
            installationId, address.hex(), tool, shown, now.domains(), opened, now.needs()::remedy),
        now.needs());
  }
}
