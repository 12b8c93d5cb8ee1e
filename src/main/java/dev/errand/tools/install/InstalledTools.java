package dev.errand.tools.install;

import dev.errand.base.database.Outage;
import dev.errand.base.error.ApiException;
import dev.errand.base.secret.SealBrokenException;
import dev.errand.tools.servlet.abi.InvalidServletException;
import dev.errand.tools.servlet.code.ContentAddress;
import dev.errand.tools.servlet.host.ServletHost;
import dev.errand.tools.servlet.limit.Grant;
import dev.errand.tools.servlet.limit.HttpBudget;
import dev.errand.tools.servlet.limit.Party;
import dev.errand.tools.servlet.registry.Registry;
import dev.errand.tools.tool.ToolCall;
import dev.errand.tools.tool.ToolResult;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.jboss.logging.Logger;

/** Calls the tools of installations. What an installation is permitted is asked at each call. */
@ApplicationScoped
class InstalledTools {
  private static final Logger LOG = Logger.getLogger(InstalledTools.class);
  private static final Duration PATIENCE = Duration.ofSeconds(10);

  private final Registry registry;
  private final ServletHost host;
  private final InstallationRows rows;
  private final Config config;
  private final InnerDoor inner;

  InstalledTools(
      Registry registry, ServletHost host, InstallationRows rows, Config config, InnerDoor inner) {
    this.registry = registry;
    this.rows = rows;
    this.host = host;
    this.config = config;
    this.inner = inner;
  }

  /** What a call may do now, or why there is none. */
  private sealed interface Permission {
    /** It may be made with this. */
    record Granted(Grant grant) implements Permission {}

    /** It may not be made. */
    record Refused(String sentence) implements Permission {}
  }

  /** What the calls of one run may spend on the network together. */
  HttpBudget budget() {
    return host.runBudget();
  }

  /**
   * Calls a tool.
   *
   * @param installationId whose tool it is
   * @param address the bytes that are run
   * @param tool its name as the servlet gives it
   * @param shown its name as the caller knows it
   * @param requests what the calls of this run may spend on the network together
   * @param caller on whose behalf it is called
   */
  ToolResult call(
      UUID installationId,
      ContentAddress address,
      String tool,
      String shown,
      HttpBudget requests,
      InnerDoor.Caller caller,
      ToolCall call)
      throws InterruptedException {
    Permission permission =
        Outage.outlast(
            PATIENCE, () -> permission(installationId, tool, shown, requests, caller, call));
    return switch (permission) {
      case Permission.Refused(var sentence) -> ToolResult.error(sentence);
      case Permission.Granted(var grant) -> {
        try {
          yield host.call(registry.module(address), grant, tool, call);
        } catch (InvalidServletException | ApiException e) {
          yield ToolResult.error("The tool " + shown + " can't be run: " + e.getMessage());
        }
      }
    };
  }

  private Permission permission(
      UUID installationId,
      String tool,
      String shown,
      HttpBudget requests,
      InnerDoor.Caller caller,
      ToolCall call) {
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
        new Grant(
            now.domains(),
            opened,
            requests,
            now.servlet().equals(InnerDoor.SERVLET)
                ? Map.of(InnerDoor.HOST, inner.open(caller, call.id()))
                : Map.of(),
            new Party(caller.profileId().toString(), installationId.toString())));
  }
}
