package dev.errand.adapters.console.tool;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The data of the page with the installations of a profile.
 *
 * @param next the address of the following page; null for the last one
 */
public record ToolListView(List<Line> lines, @Nullable String next) {

  /**
   * An installation.
   *
   * @param source what is installed: a servlet, or the address of a server
   * @param isServer whether it is a remote server
   * @param state whether it can be used
   * @param tools how many tools it has that are switched on
   * @param off how many are switched off
   * @param hosts the hosts that it may call; empty for none
   */
  public record Line(
      String name,
      String address,
      String source,
      boolean isServer,
      InstallationState state,
      int tools,
      int off,
      String hosts) {}
}
