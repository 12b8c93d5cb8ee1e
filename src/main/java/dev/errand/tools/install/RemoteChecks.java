package dev.errand.tools.install;

import dev.errand.base.error.ApiException;
import dev.errand.base.error.ErrorCode;
import dev.errand.identity.account.Caller;
import dev.errand.identity.audit.Audit;
import dev.errand.identity.audit.AuditAction;
import dev.errand.identity.profile.Profile;
import dev.errand.identity.profile.ProfileAccess;
import dev.errand.identity.profile.ProfileSlug;
import dev.errand.identity.profile.Right;
import dev.errand.tools.mcp.RemoteServer;
import dev.errand.tools.mcp.RemoteServerStore;
import dev.errand.tools.mcp.RemoteServers;
import dev.errand.tools.mcp.wire.McpException;
import io.quarkus.narayana.jta.QuarkusTransaction;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.transaction.Transactional;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;

/** Checks whether the tools of remote servers have changed, and accepts changes for users. */
@ApplicationScoped
public class RemoteChecks {
  private final ProfileAccess access;
  private final Installer installer;
  private final RemoteServers servers;
  private final RemoteServerStore store;
  private final ToolPins pins;
  private final Audit audit;

  RemoteChecks(
      ProfileAccess access,
      Installer installer,
      RemoteServers servers,
      RemoteServerStore store,
      ToolPins pins,
      Audit audit) {
    this.access = access;
    this.installer = installer;
    this.servers = servers;
    this.store = store;
    this.pins = pins;
    this.audit = audit;
  }

  /**
   * Lists a server's tools now. If that fails, the failure is stored with the installation, and is
   * not an error of this request.
   *
   * @throws ApiException where the caller may not do this, or it is a servlet
   */
  public void refresh(Caller caller, ProfileSlug slug, String name) throws InterruptedException {
    RemoteServer server =
        QuarkusTransaction.joiningExisting()
            .call(() -> server(installer.require(access.require(caller, slug, Right.EDIT), name)));
    check(server, servers.listTime());
    QuarkusTransaction.joiningExisting()
        .run(
            () -> {
              Profile profile = access.require(caller, slug, Right.EDIT);
              Installation now = installer.require(profile, name);
              record(caller, profile, now, pinned(now), pinned(now));
            });
  }

  /**
   * Pins the tools that wait to be accepted.
   *
   * @param digest their digest, so that only the tools that were shown are accepted
   * @throws ApiException {@link ErrorCode#CHANGE_NOT_FOUND} where other tools wait, or none
   */
  @Transactional
  public void accept(Caller caller, ProfileSlug slug, String name, String digest) {
    Profile profile = access.require(caller, slug, Right.EDIT);
    Installation installation = installer.require(profile, name);
    RemoteServer _ = server(installation);
    Map<String, Object> before = pinned(installation);
    pins.accept(installation, digest);
    record(caller, profile, installation, before, pinned(installation));
  }

  /**
   * Lists a server's tools, and stores the result.
   *
   * @param most the time limit, if it is shorter than the configured one
   */
  void check(RemoteServer server, Duration most) throws InterruptedException {
    try {
      pins.note(server, servers.list(server, most));
    } catch (McpException e) {
      pins.noteFailure(server, e);
    }
  }

  /**
   * Lists the tools of a server that has just been connected. If they were never listed before,
   * they are pinned; otherwise changes wait to be accepted, as at any other time.
   */
  void firstList(RemoteServer server) throws McpException, InterruptedException {
    try {
      pins.connect(server, servers.list(server, servers.listTime()));
    } catch (McpException e) {
      pins.noteFailure(server, e);
      throw e;
    }
  }

  /** The server of an installation that still exists. */
  Optional<RemoteServer> find(UUID installationId) {
    return store.find(installationId);
  }

  private RemoteServer server(Installation installation) {
    return store
        .find(installation.id)
        .orElseThrow(
            () ->
                ApiException.invalid(
                    "name", "is a servlet; only the tools of remote servers can be refreshed"));
  }

  /** Audits a change of a remote server. */
  void record(
      Caller caller,
      Profile profile,
      Installation installation,
      Map<String, Object> before,
      Map<String, Object> after) {
    audit.record(
        caller, AuditAction.INSTALLATION_CHANGED, installation.auditName(profile), before, after);
  }

  private static Map<String, Object> pinned(Installation installation) {
    return Map.of("address", installation.address, "suspended", installation.suspended);
  }
}
