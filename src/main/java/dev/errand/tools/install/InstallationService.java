package dev.errand.tools.install;

import dev.errand.base.error.ApiException;
import dev.errand.base.error.ErrorCode;
import dev.errand.base.http.LastChange;
import dev.errand.base.http.Paging.Listed;
import dev.errand.base.http.Precondition;
import dev.errand.base.limit.FittingItems;
import dev.errand.identity.account.Caller;
import dev.errand.identity.audit.Audit;
import dev.errand.identity.audit.AuditAction;
import dev.errand.identity.profile.Profile;
import dev.errand.identity.profile.ProfileAccess;
import dev.errand.identity.profile.ProfileAccess.Seen;
import dev.errand.identity.profile.ProfileSlug;
import dev.errand.identity.profile.Right;
import dev.errand.tools.mcp.AskedServer;
import dev.errand.tools.mcp.RemoteServer;
import dev.errand.tools.port.ApprovalRules;
import dev.errand.tools.port.InstallationGone;
import dev.errand.tools.servlet.module.ContentAddress;
import dev.errand.tools.servlet.registry.Servlet;
import dev.errand.tools.servlet.registry.ServletCatalogue;
import io.quarkus.narayana.jta.QuarkusTransaction;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Event;
import jakarta.transaction.Transactional;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** The operations on installations: list, install, get, change, uninstall. */
@ApplicationScoped
public class InstallationService {
  private final ProfileAccess access;
  private final Installer installer;
  private final ServletCatalogue catalogue;
  private final RemoteInstaller remotes;
  private final InstallationApprovals approvals;
  private final InstallationRows rows;
  private final FittingItems fitting;
  private final Audit audit;
  private final Event<InstallationGone> gone;
  private final Precondition precondition;

  InstallationService(
      ProfileAccess access,
      Installer installer,
      ServletCatalogue catalogue,
      RemoteInstaller remotes,
      InstallationApprovals approvals,
      InstallationRows rows,
      FittingItems fitting,
      Audit audit,
      Event<InstallationGone> gone,
      Precondition precondition) {
    this.access = access;
    this.installer = installer;
    this.catalogue = catalogue;
    this.remotes = remotes;
    this.approvals = approvals;
    this.rows = rows;
    this.fitting = fitting;
    this.audit = audit;
    this.gone = gone;
    this.precondition = precondition;
  }

  /**
   * The installations, unless the caller has the present list.
   *
   * @param installs the installations; null where the caller has them
   */
  public record Listing(LastChange change, @Nullable Listed<InstallationView> installs) {}

  /**
   * Some of the profile's installations, by name.
   *
   * @param isKnown whether the caller has a list that has not changed since that time
   * @throws ApiException {@link ErrorCode#PROFILE_NOT_FOUND}
   */
  public Listing list(
      Caller caller, ProfileSlug slug, String after, int most, Predicate<LastChange> isKnown) {
    Seen seen = access.look(caller, slug);
    Profile profile = seen.profile();
    LastChange change = transaction(() -> lastChange(seen));
    // A user without a role may have had one, so that an earlier list showed more than this one.
    return seen.role() != null && isKnown.test(change)
        ? new Listing(change, null)
        : new Listing(
            change,
            fitting.read(
                caller.username(),
                most,
                rows.sizes(profile.id(), after, most + 1),
                number ->
                    transaction(
                        () ->
                            Installation.someOf(profile.id(), after, number).stream()
                                .map(
                                    installation -> seen(view(caller, profile, installation), seen))
                                .toList())));
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
  public InstallationView get(Caller caller, ProfileSlug slug, String name) {
    Seen seen = access.look(caller, slug);
    Profile profile = seen.profile();
    return seen(view(caller, profile, installer.require(profile, name)), seen);
  }

  /** The installation of that name, if there is one. */
  @Transactional
  Optional<InstallationView> find(Caller caller, ProfileSlug slug, String name) {
    Seen seen = access.look(caller, slug);
    Profile profile = seen.profile();
    return Installation.of(profile, name)
        .map(installation -> seen(view(caller, profile, installation), seen));
  }

  /**
   * Installs a servlet or a remote server. The server's tools are listed before, outside of any
   * transaction.
   *
   * @throws ApiException when it can't be installed; nothing is changed then
   */
  public InstallationView install(
      Caller caller, ProfileSlug slug, @Nullable InstallationRequest wanted)
      throws InterruptedException {
    approvals.check(caller, slug, wanted);
    Optional<AskedServer> asked = Optional.empty();
    if (wanted != null && wanted.mcp() != null) {
      // Rights are checked before the server is called.
      String _ = transaction(() -> remotes.check(access.require(caller, slug, Right.EDIT), wanted));
      asked = Optional.of(remotes.ask(wanted.mcp()));
    }
    Optional<AskedServer> remote = asked;
    return transaction(
        () -> {
          Profile profile = access.require(caller, slug, Right.EDIT);
          InstallationRequest request = required(wanted);
          Installation made =
              remote.isPresent()
                  ? remotes.install(profile, caller.username(), request, remote.get())
                  : installer.install(profile, caller.username(), request);
          record(
              caller,
              profile,
              AuditAction.INSTALLATION_CREATED,
              made,
              null,
              audited(profile, made),
              request);
          return view(caller, profile, made);
        });
  }

  private static <T> T transaction(Callable<T> work) {
    return QuarkusTransaction.joiningExisting().call(work);
  }

  /**
   * Changes the fields that the request names. The tools of a remote server whose address or header
   * fields change are listed before, outside of any transaction.
   *
   * @param replace whether settings that the request's config does not name are removed
   * @throws ApiException when it can't be changed; nothing is changed then
   */
  public InstallationView update(
      Caller caller,
      ProfileSlug slug,
      String name,
      @Nullable InstallationRequest wanted,
      boolean replace)
      throws InterruptedException {
    approvals.check(caller, slug, wanted);
    Optional<AskedServer> asked = Optional.empty();
    if (wanted != null && wanted.mcp() != null) {
      RemoteServer present =
          transaction(
              () -> {
                Profile profile = access.require(caller, slug, Right.EDIT);
                RemoteServer server = remotes.server(installer.require(profile, name));
                wanted.check();
                return server;
              });
      asked = remotes.askChanged(present, wanted.mcp(), replace);
    }
    Optional<AskedServer> anew = asked;
    return transaction(
        () -> {
          Profile profile = access.require(caller, slug, Right.EDIT);
          InstallationRequest request = required(wanted);
          installer.lock(profile);
          Installation installation = installer.require(profile, name);
          precondition.check(installation);
          Map<String, Object> before = audited(profile, installation);
          ApprovalRules rules = approvals.of(installation);
          ToolSwitches switches = installation.switches();
          boolean isElsewhere = remotes.change(installation, request, anew);
          Installation changed =
              installer.update(profile, caller.username(), name, request, replace);
          approvals.checkChange(caller, profile, rules, changed);
          approvals.checkName(name, changed);
          if (isElsewhere || !changed.switches().keep(switches)) {
            gone.fire(new InstallationGone(changed.id));
          }
          record(
              caller,
              profile,
              AuditAction.INSTALLATION_CHANGED,
              changed,
              before,
              audited(profile, changed),
              request);
          return view(caller, profile, changed);
        });
  }

  /**
   * Uninstalls; live runs lose the tools from their next call on.
   *
   * @throws ApiException {@link ErrorCode#PROFILE_NOT_FOUND}, {@link
   *     ErrorCode#INSTALLATION_NOT_FOUND} or {@link ErrorCode#APPROVALS_LOOSENED}
   */
  @Transactional
  public void uninstall(Caller caller, ProfileSlug slug, String name) {
    Profile profile = access.require(caller, slug, Right.EDIT);
    installer.lock(profile);
    Installation installation = installer.require(profile, name);
    precondition.check(installation);
    approvals.checkUninstallation(caller, profile, installation);
    Map<String, Object> before = audited(profile, installation);
    remotes.remove(installation);
    installer.uninstall(profile, name);
    gone.fire(new InstallationGone(installation.id));
    record(caller, profile, AuditAction.INSTALLATION_DELETED, installation, before, null, null);
  }

  private void record(
      Caller caller,
      Profile profile,
      AuditAction action,
      Installation installation,
      @Nullable Map<String, Object> before,
      @Nullable Map<String, Object> after,
      @Nullable InstallationRequest wanted) {
    audit.record(
        caller,
        action,
        installation.auditName(profile),
        before,
        after,
        wanted == null ? new String[0] : wanted.changedSecrets());
  }

  private Map<String, Object> audited(Profile profile, Installation installation) {
    Map<String, Object> audited = new TreeMap<>();
    audited.put("name", installation.name);
    audited.put("servlet", installation.slug());
    audited.put("address", installation.address);
    audited.put("allow_update", installation.allowUpdate);
    audited.put("enabled_tools", installation.switches().shown());
    audited.put("disabled_tools", installation.disabledTools);
    audited.put("domains", installation.domains);
    audited.put("config", installation.configKeys);
    audited.putAll(approvals.audited(installation));
    if (installation.servlet == null) {
      audited.put("mcp", remotes.audited(profile, installation));
    }
    return audited;
  }

  private static InstallationRequest required(@Nullable InstallationRequest wanted) {
    if (wanted == null) {
      throw ApiException.invalid(
          "body", "is required: {\"servlet_slug\", \"settings\", …} or {\"mcp\", \"name\", …}");
    }
    return wanted;
  }

  private InstallationView view(Caller caller, Profile profile, Installation installation) {
    String username = caller.username();
    @Nullable Servlet servlet = installation.servlet;
    InstallationApprovals.Shown rules = approvals.shown(installation);
    return servlet == null
        ? remotes.view(profile, installation, rules)
        : InstallationView.of(
            profile,
            installation,
            servlet,
            catalogue.meta(username, servlet, new ContentAddress(installation.address)),
            rules,
            username);
  }

  private LastChange lastChange(Seen seen) {
    Profile profile = seen.profile();
    Instant before = installer.lastUninstallation(profile).orElse(profile.createdAt());
    Instant latest =
        Installation.lastChange(profile.id()).filter(at -> at.isAfter(before)).orElse(before);
    // A member sees more than the public part, which the client may have from an earlier request.
    Instant shared = seen.since();
    return new LastChange(shared != null && shared.isAfter(latest) ? shared : latest);
  }
}
