package dev.errand.adapters.console.tool;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The data of the page with the servlets of the registry.
 *
 * @param before the address of the page before; null for none
 * @param next the address of the following page; null for the last one
 */
public record ServletListView(
    String query, List<Line> lines, @Nullable String before, @Nullable String next) {

  /**
   * A servlet.
   *
   * @param slug {@code owner/name}
   * @param description the beginning of its description
   * @param tools the names of its tools
   * @param hosts the hosts that it declares; empty for none
   * @param installed how often it is installed
   * @param isPrivate whether only its owner sees it
   * @param install the page that installs it; null where it has no version to install
   */
  public record Line(
      String slug,
      String address,
      String description,
      String tools,
      String hosts,
      String installed,
      boolean isPrivate,
      @Nullable String install) {}
}
