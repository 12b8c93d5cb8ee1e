package dev.errand.tools.install;

import dev.errand.base.error.ApiException;
import dev.errand.base.error.ErrorCode;
import dev.errand.identity.account.Caller;
import dev.errand.identity.profile.Profile;
import dev.errand.identity.profile.ProfileAccess;
import dev.errand.identity.profile.ProfileSlug;
import dev.errand.identity.profile.Right;
import dev.errand.tools.mcp.RemoteServer;
import dev.errand.tools.mcp.RemoteServerStore;
import dev.errand.tools.mcp.oauth.ConnectFlows;
import dev.errand.tools.mcp.oauth.CredentialException;
import dev.errand.tools.mcp.oauth.Credentials;
import dev.errand.tools.mcp.oauth.FlowStore;
import dev.errand.tools.mcp.wire.McpException;
import io.quarkus.narayana.jta.QuarkusTransaction;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Connects remote servers for people who may change the profile, and disconnects them. */
@ApplicationScoped
public class ConnectService {
  private final ProfileAccess access;
  private final Installer installer;
  private final RemoteServerStore store;
  private final RemoteChecks checks;
  private final ConnectFlows flows;
  private final Credentials credentials;

  ConnectService(
      ProfileAccess access,
      Installer installer,
      RemoteServerStore store,
      RemoteChecks checks,
      ConnectFlows flows,
      Credentials credentials) {
    this.access = access;
    this.installer = installer;
    this.store = store;
    this.checks = checks;
    this.flows = flows;
    this.credentials = credentials;
  }

  /**
   * The result of connecting a server.
   *
   * @param installation its installation, as {@code user/profile/name}
   * @param failure why its tools could not be listed; null where they could
   */
  public record ConnectOutcome(String installation, @Nullable String failure) {}

  /**
   * Starts to connect a server.
   *
   * @throws ApiException {@link ErrorCode#MCP_SERVER_FAILED} where it can't be connected
   */
  public ConnectFlows.Step begin(
      Caller caller, ProfileSlug profile, String name, ConnectFlows.ConnectRequest wanted)
      throws InterruptedException {
    RemoteServer server =
        QuarkusTransaction.joiningExisting().call(() -> server(require(caller, profile, name)));
    try {
      return flows.begin(server.installationId(), server.url(), caller.id(), wanted);
    } catch (CredentialException e) {
      throw new ApiException(ErrorCode.MCP_SERVER_FAILED, e.sentence());
    }
  }

  /**
   * Completes a connection that the caller has started.
   *
   * @param state identifies it; null where it is missing
   * @throws CredentialException where it is not connected
   * @throws ApiException where the caller may no longer change the profile
   */
  public ConnectOutcome complete(
      Caller caller, @Nullable String state, ConnectFlows.Redirected answer)
      throws CredentialException, InterruptedException {
    FlowStore.Taken begun = flows.take(caller.id(), state);
    UUID id = begun.installationId();
    QuarkusTransaction.joiningExisting()
        .run(
            () -> {
              Installation found = installation(id);
              Installation _ = require(caller, installer.profileOf(found).slug(), found.name);
            });
    flows.complete(begun, caller.id(), answer);
    RemoteServer server =
        store
            .find(id)
            .orElseThrow(
                () -> CredentialException.lasting("The server was uninstalled meanwhile."));
    String installation =
        QuarkusTransaction.joiningExisting()
            .call(
                () -> {
                  Installation connected = installation(id);
                  Profile profile = installer.profileOf(connected);
                  checks.record(caller, profile, connected, Map.of(), credentials.audited(id));
                  return profile.slug() + "/" + connected.name;
                });
    try {
      checks.firstList(server);
      return new ConnectOutcome(installation, null);
    } catch (McpException e) {
      return new ConnectOutcome(installation, e.sentence());
    }
  }

  private static Installation installation(UUID id) {
    Installation installation = Installation.findById(id);
    if (installation == null) {
      throw new ApiException(
          ErrorCode.INSTALLATION_NOT_FOUND, "The server was uninstalled meanwhile.");
    }
    return installation;
  }

  /**
   * Revokes and deletes the tokens of a server.
   *
   * @throws ApiException where the caller may not do this, or there are none
   */
  public void disconnect(Caller caller, ProfileSlug profile, String name)
      throws InterruptedException {
    RemoteServer server =
        QuarkusTransaction.joiningExisting().call(() -> server(require(caller, profile, name)));
    UUID id = server.installationId();
    Map<String, Object> before = credentials.audited(id);
    credentials.disconnect(id);
    QuarkusTransaction.joiningExisting()
        .run(
            () -> {
              Installation now = installation(id);
              checks.record(caller, installer.profileOf(now), now, before, Map.of());
            });
  }

  private Installation require(Caller caller, ProfileSlug profile, String name) {
    return installer.require(access.require(caller, profile, Right.EDIT), name);
  }

  private RemoteServer server(Installation installation) {
    return store
        .find(installation.id)
        .filter(RemoteServer::usesOAuth)
        .orElseThrow(
            () ->
                ApiException.invalid(
                    "name",
                    "is not that of a remote server with \"auth\": \"oauth\": others need no"
                        + " connection"));
  }
}
