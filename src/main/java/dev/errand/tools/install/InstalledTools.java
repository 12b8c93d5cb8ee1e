package dev.errand.tools.install;

import dev.errand.base.database.Outage;
import dev.errand.base.secret.SealBrokenException;
import dev.errand.base.turn.RunChecks;
import dev.errand.base.turn.WorkOwner;
import dev.errand.identity.page.PagePaths;
import dev.errand.tools.port.ApprovalNeededException;
import dev.errand.tools.port.Content;
import dev.errand.tools.port.PermittedTool;
import dev.errand.tools.port.Remedy;
import dev.errand.tools.port.ToolCall;
import dev.errand.tools.port.ToolOrigin;
import dev.errand.tools.port.ToolResult;
import dev.errand.tools.port.ToolSource;
import dev.errand.tools.servlet.module.ContentAddress;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentSkipListSet;
import java.util.concurrent.TimeoutException;
import org.jboss.logging.Logger;

/** Calls the tools of installations. Permissions are read at each call. */
@Singleton
public class InstalledTools {
  private static final Logger LOG = Logger.getLogger(InstalledTools.class);
  private static final Duration PATIENCE = Duration.ofSeconds(10);

  private final InstallationRows rows;
  private final InstallationSettings settings;
  private final RunChecks checks;

  InstalledTools(InstallationRows rows, InstallationSettings settings, RunChecks checks) {
    this.rows = rows;
    this.checks = checks;
    this.settings = settings;
  }

  /** The permissions of a call, or why it is refused. */
  private sealed interface Permission {
    /** The call is allowed, with these permissions. */
    record Granted(PermittedTool tool, Lack lack) implements Permission {}

    /**
     * A person must approve the call.
     *
     * @param page where a person can make it
     */
    record Wanted(String page) implements Permission {}

    /** The call is refused. */
    record Refused(String sentence) implements Permission {}
  }

  /**
   * Calls a tool.
   *
   * @param audience who reads the result
   * @param origin the tool, at the server at which the caller saw it
   * @param shown its name as the caller knows it
   * @throws ApprovalNeededException when a person must approve the call, and it is not approved;
   *     nothing was called
   */
  public ToolResult call(
      Audience audience,
      ToolSource.Session session,
      ToolOrigin origin,
      ContentAddress address,
      String shown,
      ToolCall call)
      throws InterruptedException {
    Permission permission =
        Outage.outlast(PATIENCE, () -> permission(audience, origin, address, shown, call));
    return switch (permission) {
      case Permission.Refused(var sentence) -> ToolResult.error(sentence);
      case Permission.Wanted(var page) -> throw new ApprovalNeededException(shown, page);
      case Permission.Granted(var permitted, var lack) ->
          lack.explain(session.call(permitted, call));
    };
  }

  /** The hosts and settings that one call needed and did not get. */
  private static final class Lack implements Remedy {
    private static final int MOST_KEYS = 10;
    private static final int LONGEST_KEY = 128;

    private final Audience audience;
    private final Needs needs;
    private final Set<String> unset = new ConcurrentSkipListSet<>();

    Lack(Audience audience, Needs needs) {
      this.audience = audience;
      this.needs = needs;
    }

    @Override
    public String ofHost(String host) {
      return needs.ofHost(audience, host);
    }

    @Override
    public void unset(String key) {
      if (unset.size() < MOST_KEYS
          && !key.isBlank()
          && key.length() <= LONGEST_KEY
          && needs.mayRead(key)) {
        unset.add(key);
      }
    }

    /** Adds to a failure the missing settings that the call needed, as the probable reason. */
    ToolResult explain(ToolResult result) {
      if (!result.isError() || unset.isEmpty()) {
        return result;
      }
      List<Content> content = new ArrayList<>(result.content());
      content.add(new Content.Text(needs.ofSettings(audience, List.copyOf(unset))));
      return new ToolResult(content, true, result.structured());
    }
  }

  private Permission permission(
      Audience audience, ToolOrigin origin, ContentAddress address, String shown, ToolCall call)
      throws InterruptedException {
    UUID installationId = origin.installation();
    String tool = origin.tool();
    Optional<InstallationRows.Permitted> found = rows.permitted(installationId);
    if (found.isEmpty()) {
      return new Permission.Refused("The tool " + shown + " is no longer installed.");
    }
    InstallationRows.Permitted now = found.get();
    if (!now.switches().isOn(tool)) {
      return new Permission.Refused("The tool " + shown + " is switched off.");
    }
    if (now.suspended()) {
      return new Permission.Refused(
          "The tool %s is off: the tools of its server have changed, and the change is not accepted yet."
              .formatted(shown));
    }
    Map<String, String> opened;
    try {
      opened = settings.open(installationId, now.configSealed());
    } catch (SealBrokenException e) {
      LOG.errorf(
          "The settings of the installation %s can't be opened: %s",
          installationId, e.getMessage());
      return new Permission.Refused(
          "The settings of the tool "
              + shown
              + (e.isOfUnknownKey()
                  ? " can't be opened: this server lacks a master key."
                  : " can't be opened: they must be set again."));
    }
    // A person who makes a call sees where it goes.
    if (audience == Audience.MODEL && call.isApproved() && !now.server().equals(origin.server())) {
      return new Permission.Refused(
          "The call of %s was approved for another server than the tool is at now: it was not made. Call it again if it is still needed."
              .formatted(shown));
    }
    // Last, so that nobody is asked about a call that can't be made.
    boolean wants;
    try {
      wants =
          !call.isApproved()
              && checks.call(
                  WorkOwner.user(now.owner()),
                  call.deadline(),
                  () -> now.approvals().wants(tool, call.arguments()));
    } catch (TimeoutException e) {
      return new Permission.Refused(
          "The time was up before the rules of approvals of " + shown + " were checked.");
    }
    if (wants) {
      return new Permission.Wanted(
          PagePaths.trial(
              PagePaths.home(now.needs().profile().user(), now.needs().profile().name()),
              now.needs().installation(),
              tool));
    }
    Lack lack = new Lack(audience, now.needs());
    return new Permission.Granted(
        new PermittedTool(
            installationId, now.owner(), address.hex(), tool, shown, now.domains(), opened, lack),
        lack);
  }
}
