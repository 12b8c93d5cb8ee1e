package dev.errand.adapters.console.tool;

import dev.errand.adapters.console.page.PagePaths;
import dev.errand.adapters.console.page.PageRequest;
import dev.errand.adapters.console.page.PageTime;
import dev.errand.adapters.console.tool.InstallationPageView.Permissions;
import dev.errand.adapters.console.tool.InstallationPageView.Setting;
import dev.errand.adapters.console.tool.InstallationPageView.Tools;
import dev.errand.adapters.console.tool.InstallationPageView.Version;
import dev.errand.base.json.Json;
import dev.errand.tools.install.InstallationView;
import dev.errand.tools.mcp.McpView;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.List;
import java.util.Map;

/** Builds the view of the page of an installation. */
@ApplicationScoped
class InstallationPageViews {
  private static final int TOOLS = 50;

  private final Json json;

  InstallationPageViews(Json json) {
    this.json = json;
  }

  /**
   * The page of an installation.
   *
   * @param from how many tools come before those that are shown
   */
  InstallationPageView of(PageRequest page, InstallationView installation, int from) {
    String home = page.home();
    String address = PagePaths.tool(home, installation.name());
    McpView server = installation.mcp();
    InstallationView.ServletView servlet = installation.servlet();
    return new InstallationPageView(
        installation.name(),
        address,
        server == null ? servlet.slug() : String.valueOf(server.url()),
        server == null ? home + "/servlets/" + servlet.slug() : null,
        servlet.meta().description(),
        InstallationState.of(installation),
        server == null ? MissingNeeds.of(installation) : List.of(),
        server == null ? version(installation) : null,
        server == null ? null : ServerViews.of(installation, server, page.base()),
        server == null ? permissions(installation) : null,
        tools(ToolLine.of(installation, address, json), address, from),
        PageTime.of(installation.createdAt()),
        PageTime.of(installation.modifiedAt()));
  }

  private static Version version(InstallationView installation) {
    String digest = installation.binding().contentAddress();
    String newest = installation.servlet().meta().lastContentAddress();
    boolean isOld = newest != null && !newest.equals(digest);
    return new Version(
        installation.allowUpdate()
            ? "follows the newest version"
            : isOld ? "pinned to an older version" : "pinned to the newest version",
        digest,
        isOld);
  }

  private static Permissions permissions(InstallationView installation) {
    return new Permissions(
        installation.settings().permissions().network().domains(),
        installation.settings().config().keySet().stream()
            .map(key -> new Setting(key, MissingNeeds.isSet(installation, key)))
            .toList());
  }

  private static Tools tools(List<ToolLine> all, String page, int from) {
    int first = Math.min(Math.max(0, from), Math.max(0, all.size() - 1));
    int end = Math.min(all.size(), first + TOOLS);
    return new Tools(
        all.subList(first, end),
        first + 1,
        all.size(),
        first == 0 ? null : part(page, Math.max(0, first - TOOLS)),
        end == all.size() ? null : part(page, end));
  }

  private static String part(String page, int from) {
    return page + PagePaths.query(Map.of("from", Integer.toString(from)));
  }
}
