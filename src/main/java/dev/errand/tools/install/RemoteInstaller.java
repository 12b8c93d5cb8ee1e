package dev.errand.tools.install;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.errand.base.error.ApiException;
import dev.errand.base.error.InvalidFields;
import dev.errand.base.field.DeclaredFields;
import dev.errand.base.http.Tagged;
import dev.errand.base.json.Json;
import dev.errand.identity.profile.Profile;
import dev.errand.identity.profile.ProfileSlug;
import dev.errand.tools.mcp.AskedServer;
import dev.errand.tools.mcp.McpView;
import dev.errand.tools.mcp.McpViews;
import dev.errand.tools.mcp.OnChange;
import dev.errand.tools.mcp.RemoteServer;
import dev.errand.tools.mcp.RemoteServerRequest;
import dev.errand.tools.mcp.RemoteServerStore;
import dev.errand.tools.mcp.RemoteServers;
import dev.errand.tools.mcp.ToolSets;
import dev.errand.tools.mcp.oauth.ConnectLink;
import dev.errand.tools.port.ToolHints;
import dev.errand.tools.port.ToolSpec;
import dev.errand.tools.servlet.registry.ServletSummary.Meta;
import dev.errand.tools.servlet.registry.ServletSummary.Requirements;
import dev.errand.tools.servlet.registry.ServletSummary.Schema;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.transaction.Transactional;
import java.util.List;
import java.util.Optional;

/** Installs remote MCP servers in profiles, changes their settings, and shows them. */
@ApplicationScoped
class RemoteInstaller {
  private final Installer installer;
  private final InstallationUpdater updater;
  private final RemoteServers servers;
  private final McpViews views;
  private final RemoteServerStore store;
  private final ToolSets sets;
  private final Json json;

  RemoteInstaller(
      Installer installer,
      InstallationUpdater updater,
      RemoteServers servers,
      McpViews views,
      RemoteServerStore store,
      ToolSets sets,
      Json json) {
    this.installer = installer;
    this.updater = updater;
    this.servers = servers;
    this.views = views;
    this.store = store;
    this.sets = sets;
    this.json = json;
  }

  /** Makes all checks that are possible before the server is called. */
  String check(Profile profile, InstallationRequest wanted) {
    InvalidFields wrong = new InvalidFields();
    wrong.add(wanted::check);
    if (wanted.servletSlug() != null) {
      wrong.add(ApiException.invalid("mcp", "can't be given together with servlet_slug"));
    }
    String name = wrong.last(() -> named(wanted));
    Installer.checkFree(profile, name);
    installer.checkNumber(profile);
    return name;
  }

  private static String named(InstallationRequest wanted) {
    if (wanted.name() == null) {
      throw ApiException.invalid("name", "is required for a remote server");
    }
    return wanted.name();
  }

  /** Lists the tools of a server before it is installed. */
  AskedServer ask(RemoteServerRequest wanted) throws InterruptedException {
    return servers.ask(wanted);
  }

  /**
   * Lists the tools of a server before it is changed; empty where its address and credentials stay.
   */
  Optional<AskedServer> askChanged(
      RemoteServer present, RemoteServerRequest wanted, boolean replace)
      throws InterruptedException {
    return servers.askChanged(present, wanted, replace);
  }

  /** Installs a server whose tools were listed. */
  @Transactional(Transactional.TxType.MANDATORY)
  Installation install(
      Profile profile, String username, InstallationRequest wanted, AskedServer asked) {
    installer.lock(profile);
    Installation installation = installer.create(profile, null, check(profile, wanted));
    sets.keep(asked.found().tools());
    installation.address = asked.found().tools().digest();
    updater.apply(installation, username, wanted, true);
    installation.persistAndFlush();
    store.add(installation.id, asked, wanted.onChange().orElse(OnChange.HOLD));
    return installation;
  }

  /**
   * Changes the address and credentials of a server, and what happens when its tools change;
   * without effect on a servlet.
   *
   * @param asked the tools that it lists if its address or header fields change, which are then
   *     pinned
   * @return whether its calls go to another address from now on
   */
  boolean change(
      Installation installation, InstallationRequest wanted, Optional<AskedServer> asked) {
    if (installation.servlet != null) {
      return false;
    }
    wanted.check();
    boolean isElsewhere = false;
    if (asked.isPresent()) {
      isElsewhere = !asked.get().endpoint().url().equals(server(installation).url());
      // A server that has to be connected keeps its tools until it lists others, so that runs do
      // not start without them.
      if (asked.get().oauth() == null) {
        sets.keep(asked.get().found().tools());
        installation.address = asked.get().found().tools().digest();
        installation.suspended = false;
      }
      installation.modifiedAt = installer.now();
      installation.etag = Tagged.fresh();
      installation.persistAndFlush();
      store.change(installation.id, asked.get());
    }
    OnChange then = wanted.onChange().orElse(null);
    if (then != null && then != server(installation).onChange()) {
      store.setOnChange(installation.id, then);
      installation.modifiedAt = installer.now();
      installation.etag = Tagged.fresh();
      installation.persistAndFlush();
    }
    return isElsewhere;
  }

  /** Removes the server of an installation that is being uninstalled, if it has one. */
  void remove(Installation installation) {
    store.remove(installation.id);
  }

  /**
   * The server of an installation.
   *
   * @throws ApiException where it is a servlet
   */
  RemoteServer server(Installation installation) {
    return store
        .find(installation.id)
        .orElseThrow(
            () ->
                ApiException.invalid(
                    "mcp", "is only for remote servers: " + installation.slug() + " is a servlet"));
  }

  /**
   * A server's values in the audit: those that requests set, without its query, which may be
   * secret.
   */
  ObjectNode audited(Profile profile, Installation installation) {
    RemoteServer server = server(installation);
    return ((ObjectNode) json.toTree(shown(profile, installation, server)))
        .retain(DeclaredFields.of(RemoteServerRequest.class).names())
        .put("url", server.url().replaceFirst("[?#].*", ""))
        .put("on_change", server.onChange().code());
  }

  InstallationView view(
      Profile profile, Installation installation, InstallationApprovals.Shown approvals) {
    RemoteServer server = server(installation);
    return InstallationView.ofRemote(
        installation,
        new Meta(
            new Schema(tools(installation.address)),
            "",
            new Requirements(List.of(), List.of()),
            server.changeDigest() == null ? installation.address : server.changeDigest()),
        server.onChange(),
        approvals,
        shown(profile, installation, server));
  }

  private McpView shown(Profile profile, Installation installation, RemoteServer server) {
    ProfileSlug slug = profile.slug();
    return views.of(
        server,
        installation.address,
        ConnectLink.path(slug.user(), slug.name(), installation.name));
  }

  private String tools(String digest) {
    ArrayNode tools = json.array();
    for (ToolSpec spec : sets.find(digest).map(found -> found.specs()).orElse(List.of())) {
      ObjectNode tool =
          tools
              .addObject()
              .put("name", spec.name())
              .put("description", spec.description())
              .set("inputSchema", spec.inputSchema());
      ToolHints hints = spec.hints();
      if (hints != null) {
        tool.putObject("annotations")
            .put("readOnlyHint", hints.readOnly())
            .put("destructiveHint", hints.destructive());
      }
    }
    return json.write(tools);
  }
}
