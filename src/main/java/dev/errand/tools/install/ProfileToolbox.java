package dev.errand.tools.install;

import dev.errand.tools.servlet.code.ContentAddress;
import dev.errand.tools.servlet.limit.HttpBudget;
import dev.errand.tools.servlet.registry.Registry;
import dev.errand.tools.tool.Tool;
import dev.errand.tools.tool.ToolCall;
import dev.errand.tools.tool.ToolResult;
import dev.errand.tools.tool.ToolSpec;
import dev.errand.tools.tool.Toolbox;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;

/**
 * Gathers the tools of a profile. Those of one toolbox share a budget of HTTP requests, so a
 * toolbox is for one run.
 */
@ApplicationScoped
public class ProfileToolbox {
  private final Registry registry;
  private final InstallationRows rows;
  private final InstalledTools installed;

  ProfileToolbox(Registry registry, InstallationRows rows, InstalledTools installed) {
    this.registry = registry;
    this.rows = rows;
    this.installed = installed;
  }

  /** The tools of a profile as they are installed now. */
  public Toolbox of(UUID profileId) {
    return gather(rows.offered(profileId), Map.of(), false, new InnerDoor.Caller(profileId, null));
  }

  /**
   * The tools of a profile as a run sees them: those that were installed when it was triggered, in
   * the bytes of then, as far as they still are.
   *
   * @param pinned the content address of each installation at the trigger
   * @param runId the run's number
   */
  public Toolbox of(UUID profileId, Map<UUID, ContentAddress> pinned, long runId) {
    return gather(rows.offered(profileId), pinned, true, new InnerDoor.Caller(profileId, runId));
  }

  private Toolbox gather(
      List<InstallationRows.Offered> installations,
      Map<UUID, ContentAddress> pinned,
      boolean onlyPinned,
      InnerDoor.Caller caller) {
    HttpBudget requests = installed.budget();
    List<Tool> tools = new ArrayList<>();
    Set<String> names = new HashSet<>();
    for (InstallationRows.Offered installation : installations) {
      ContentAddress address = pinned.get(installation.id());
      if (address == null) {
        if (onlyPinned) {
          continue;
        }
        address = new ContentAddress(installation.address());
      }
      for (ToolSpec spec : registry.tools(address)) {
        // One that is switched off keeps its name, so that no other one changes its own.
        String name = ToolNames.give(installation.name(), spec.name(), names);
        if (!installation.disabledTools().contains(spec.name())) {
          tools.add(
              new InstalledTool(
                  installation.id(),
                  address,
                  spec.name(),
                  requests,
                  caller,
                  new ToolSpec(name, spec.description(), spec.inputSchema())));
        }
      }
    }
    List<Tool> all = List.copyOf(tools);
    return () -> all;
  }

  /** A tool of an installation. */
  private final class InstalledTool implements Tool {
    private final UUID installationId;
    private final ContentAddress address;
    private final String ownName;
    private final HttpBudget requests;
    private final InnerDoor.Caller caller;
    private final ToolSpec spec;

    InstalledTool(
        UUID installationId,
        ContentAddress address,
        String ownName,
        HttpBudget requests,
        InnerDoor.Caller caller,
        ToolSpec spec) {
      this.installationId = installationId;
      this.address = address;
      this.ownName = ownName;
      this.requests = requests;
      this.caller = caller;
      this.spec = spec;
    }

    @Override
    public ToolSpec spec() {
      return spec;
    }

    @Override
    public ToolResult call(ToolCall call) throws InterruptedException {
      return installed.call(installationId, address, ownName, spec.name(), requests, caller, call);
    }
  }
}
