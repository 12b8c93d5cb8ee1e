package dev.errand.adapters.console.tool;

import dev.errand.adapters.console.page.PageRequest;
import dev.errand.base.json.Json;
import dev.errand.identity.page.PagePaths;
import dev.errand.tools.install.InstallationView;
import dev.errand.tools.install.InstallationView.InstallationWarning;
import dev.errand.tools.mcp.McpView;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The data of the page of an installation.
 *
 * @param server the remote server; null for a servlet
 */
public record InstallationPageView(
    InstallationView installation, @Nullable ServerView server, ToolPart tools) {

  /**
   * The page of an installation.
   *
   * @param from how many tools come before those that are shown
   */
  static InstallationPageView of(
      PageRequest page, InstallationView installation, int from, Json json) {
    McpView server = installation.mcp();
    return new InstallationPageView(
        installation,
        server == null ? null : new ServerView(installation, server),
        ToolPart.of(
            ToolLine.of(installation, json),
            PagePaths.tool(page.home(), installation.name()),
            from));
  }

  /** What is installed: a servlet, or the address of a server. */
  public String source() {
    return source(installation);
  }

  static String source(InstallationView installation) {
    McpView server = installation.mcp();
    return server == null ? installation.servlet().slug() : String.valueOf(server.url());
  }

  /** Whether it can be used. */
  public InstallationState state() {
    return InstallationState.of(installation);
  }

  /** What is probably missing, each a sentence. */
  public List<String> lacks() {
    return Stream.concat(
            server == null ? MissingNeeds.of(installation).stream() : Stream.of(),
            installation.warnings().stream()
                .filter(warning -> warning.code().equals(InstallationWarning.APPROVALS_UNKNOWN))
                .map(InstallationWarning::message))
        .toList();
  }

  /** Whether tools that are added later stay off. */
  public boolean isChosen() {
    return installation.switches().enabled() != null;
  }

  /** Whether it has tools, and none was chosen. */
  public boolean isUnchosen() {
    return InstallationState.isUnchosen(installation) && tools.count() > 0;
  }

  /** Whether no rule says which calls wait for approval. */
  public boolean isUnruled() {
    return installation.approvalsProposed() != null;
  }

  /** Whether it can be updated to a newer version of its servlet. */
  public boolean isOld() {
    String newest = installation.servlet().meta().lastContentAddress();
    return server == null
        && newest != null
        && !newest.equals(installation.binding().contentAddress());
  }

  /**
   * A part of its tools.
   *
   * @param first the number of the first one, from 1 on
   * @param before the address of the part before; null for none
   * @param after the address of the part after; null for none
   */
  public record ToolPart(
      List<ToolLine> lines, int first, int count, @Nullable String before, @Nullable String after) {
    private static final int TOOLS = 50;

    private static ToolPart of(List<ToolLine> all, String page, int from) {
      int first = Math.min(Math.max(0, from), Math.max(0, all.size() - 1));
      int end = Math.min(all.size(), first + TOOLS);
      return new ToolPart(
          all.subList(first, end),
          first + 1,
          all.size(),
          first == 0 ? null : page + "?from=" + Math.max(0, first - TOOLS),
          end == all.size() ? null : page + "?from=" + end);
    }

    /** The number of the last one. */
    public int last() {
      return first + lines.size() - 1;
    }
  }
}
