package dev.errand.tools.install;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.errand.base.error.ApiException;
import dev.errand.base.error.ErrorCode;
import dev.errand.identity.account.Caller;
import dev.errand.identity.audit.Audit;
import dev.errand.identity.audit.AuditAction;
import dev.errand.identity.profile.Profile;
import dev.errand.identity.profile.ProfileAccess;
import dev.errand.identity.profile.ProfileAccess.Seen;
import dev.errand.identity.profile.ProfileSlug;
import dev.errand.identity.profile.Right;
import dev.errand.tools.install.need.Audience;
import dev.errand.tools.servlet.code.ContentAddress;
import dev.errand.tools.servlet.registry.ServletCatalogue;
import dev.errand.tools.tool.ToolCall;
import dev.errand.tools.tool.ToolResult;
import dev.errand.tools.tool.ToolSource;
import dev.errand.tools.tool.ToolSpec;
import dev.errand.tools.tool.ToolUser;
import io.quarkus.narayana.jta.QuarkusTransaction;
import io.quarkus.runtime.annotations.RegisterForReflection;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.transaction.Transactional;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** The operations on installations: list, install, get, change, uninstall. */
@ApplicationScoped
public class InstallationService {
  /** How long a call without a model may take, waiting included; the limits of a call hold too. */
  private static final Duration LONGEST_CALL = Duration.ofMinutes(2);

  private final ProfileAccess access;
  private final Installer installer;
  private final ServletCatalogue catalogue;
  private final ToolSources sources;
  private final InstalledTools installed;
  private final Clock clock;
  private final Audit audit;

  InstallationService(
      ProfileAccess access,
      Installer installer,
      ServletCatalogue catalogue,
      ToolSources sources,
      InstalledTools installed,
      Clock clock,
      Audit audit) {
    this.access = access;
    this.installer = installer;
    this.catalogue = catalogue;
    this.sources = sources;
    this.installed = installed;
    this.clock = clock;
    this.audit = audit;
  }

  /** What the call of a tool has to know of an installation. */
  private record Installed(UUID id, UUID profileId, String slug, ContentAddress address) {
    static Installed of(Installation installation) {
      return new Installed(
          installation.id,
          installation.profile.id,
          installation.servlet.slug(),
          new ContentAddress(installation.address));
    }
  }

  /**
   * What is installed, unless the caller knows it.
   *
   * @param change when it last changed
   * @param installs the installations; null where the caller knows them
   */
  public record Listing(LastChange change, @Nullable List<InstallationView> installs) {}

  /**
   * The result of a tool call without a model.
   *
   * @param result what it answered
   * @param logs what it logged
   */
  public record ToolTrial(ToolResult result, List<LogLine> logs) {}

  /**
   * A line that a tool logged.
   *
   * @param level 10 trace, 20 debug, 30 info, 40 warning, 50 error
   * @param msg what it logged
   */
  @RegisterForReflection
  public record LogLine(int level, String msg) {}

  /**
   * Some of the profile's installations, by name.
   *
   * @param after the name that they follow
   * @param most how many
   * @param isKnown whether the caller knows what has not changed since that time
   * @throws ApiException {@link ErrorCode#PROFILE_NOT_FOUND}
   */
  @Transactional
  public Listing list(
      Caller caller, ProfileSlug profile, String after, int most, Predicate<LastChange> isKnown) {
    Seen seen = access.look(caller, profile);
    Profile own = seen.profile();
    LastChange change = lastChange(seen);
    // Who has no role may have had one, and know more than is shown now.
    return seen.role() != null && isKnown.test(change)
        ? new Listing(change, null)
        : new Listing(
            change,
            Installation.someOf(own.id, after, most).stream()
                .map(installation -> seen(view(caller, installation), seen))
                .toList());
  }

  private static InstallationView seen(InstallationView view, Seen by) {
    return by.role() == null ? view.forPublic() : view;
  }

  /**
   * The installation of that name.
   *
   * @throws ApiException {@link ErrorCode#PROFILE_NOT_FOUND} or {@link
   *     ErrorCode#INSTALLATION_NOT_FOUND}
   */
  @Transactional
  public InstallationView get(Caller caller, ProfileSlug profile, String name) {
    Seen seen = access.look(caller, profile);
    return seen(view(caller, installer.require(seen.profile(), name)), seen);
  }

  /**
   * Installs a servlet.
   *
   * @throws ApiException when it can't be installed so; nothing is changed then
   */
  @Transactional
  public InstallationView install(
      Caller caller, ProfileSlug profile, @Nullable InstallationRequest wanted) {
    Profile own = access.require(caller, profile, Right.EDIT);
    InstallationRequest request = required(wanted);
    Installation made = installer.install(own, caller.username(), request);
    record(caller, AuditAction.INSTALLATION_CREATED, made, null, audited(made), request);
    return view(caller, made);
  }

  /**
   * Changes what the request names.
   *
   * @param replace whether settings of which the request's config says nothing are removed
   * @throws ApiException when it can't be changed so; nothing is changed then
   */
  @Transactional
  public InstallationView update(
      Caller caller,
      ProfileSlug profile,
      String name,
      @Nullable InstallationRequest wanted,
      boolean replace) {
    Profile own = access.require(caller, profile, Right.EDIT);
    InstallationRequest request = required(wanted);
    installer.lock(own);
    Map<String, Object> before = audited(installer.require(own, name));
    Installation changed = installer.update(own, caller.username(), name, request, replace);
    record(caller, AuditAction.INSTALLATION_CHANGED, changed, before, audited(changed), request);
    return view(caller, changed);
  }

  /**
   * Uninstalls; runs under way have the tools no more from their next call on.
   *
   * @throws ApiException {@link ErrorCode#PROFILE_NOT_FOUND} or {@link
   *     ErrorCode#INSTALLATION_NOT_FOUND}
   */
  @Transactional
  public void uninstall(Caller caller, ProfileSlug profile, String name) {
    Profile own = access.require(caller, profile, Right.EDIT);
    installer.lock(own);
    Installation gone = installer.require(own, name);
    Map<String, Object> before = audited(gone);
    installer.uninstall(own, name);
    record(caller, AuditAction.INSTALLATION_DELETED, gone, before, null, null);
  }

  private void record(
      Caller caller,
      AuditAction action,
      Installation installation,
      @Nullable Map<String, Object> before,
      @Nullable Map<String, Object> after,
      @Nullable InstallationRequest wanted) {
    audit.record(
        caller,
        action,
        "profiles/" + installation.profile.slug() + "/installations/" + installation.name,
        before,
        after,
        wanted == null ? new String[0] : wanted.changedSecrets());
  }

  private static Map<String, Object> audited(Installation installation) {
    return Map.of(
        "name",
        installation.name,
        "servlet",
        installation.servlet.slug(),
        "address",
        installation.address,
        "allow_update",
        installation.allowUpdate,
        "disabled_tools",
        installation.disabledTools,
        "domains",
        installation.domains,
        "config",
        installation.configKeys);
  }

  /**
   * Calls a tool without a model, as a run would: for authors, and to check an installation.
   *
   * @throws ApiException {@link ErrorCode#PROFILE_NOT_FOUND}, {@link
   *     ErrorCode#INSTALLATION_NOT_FOUND} or {@link ErrorCode#TOOL_NOT_FOUND}
   */
  public ToolTrial call(
      Caller caller, ProfileSlug profile, String name, String tool, ObjectNode arguments)
      throws InterruptedException {
    Installed found =
        QuarkusTransaction.joiningExisting()
            .call(
                () ->
                    Installed.of(
                        installer.require(access.require(caller, profile, Right.RUN), name)));
    ToolSource source = sources.of(found.slug());
    List<String> known = source.tools(found.address().hex()).stream().map(ToolSpec::name).toList();
    if (!known.contains(tool)) {
      throw new ApiException(
          ErrorCode.TOOL_NOT_FOUND, name + " has no tool " + tool + "; it has " + known + ".");
    }
    List<LogLine> logs = new CopyOnWriteArrayList<>();
    ToolCall call =
        new ToolCall(
            "call_" + UUID.randomUUID(),
            arguments,
            clock.instant().plus(LONGEST_CALL),
            (level, line) -> logs.add(new LogLine(level, line)));
    ToolResult result =
        installed.call(
            Audience.PERSON,
            source.open(new ToolUser(found.profileId(), null)),
            found.id(),
            found.address(),
            tool,
            tool,
            call);
    return new ToolTrial(result, List.copyOf(logs));
  }

  private static InstallationRequest required(@Nullable InstallationRequest wanted) {
    if (wanted == null) {
      throw ApiException.invalid("body", "is required: {\"servlet_slug\", \"settings\", …}");
    }
    return wanted;
  }

  private InstallationView view(Caller caller, Installation installation) {
    String username = caller.username();
    return InstallationView.of(
        installation,
        catalogue.meta(username, installation.servlet, new ContentAddress(installation.address)),
        username);
  }

  private static LastChange lastChange(Seen seen) {
    Profile profile = seen.profile();
    Uninstallation last = Uninstallation.findById(profile.id);
    var before = last == null ? profile.createdAt : last.lastAt;
    Instant latest =
        Installation.lastChange(profile.id).filter(at -> at.isAfter(before)).orElse(before);
    // What is shown to a member is more than the public part, which may be known from before.
    Instant shared = seen.since();
    return new LastChange(shared != null && shared.isAfter(latest) ? shared : latest);
  }
}
