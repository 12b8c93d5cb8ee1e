package dev.errand.adapters.console.tool;

import dev.errand.adapters.console.page.PageTime;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The data of the page of an installation.
 *
 * @param source what is installed: a servlet, or the address of a server
 * @param sourceAddress the page of the servlet; null for a server
 * @param description the servlet's description; empty for a server
 * @param state whether it can be used
 * @param lacks what is probably missing, each a sentence
 * @param version which version of the servlet it has; null for a server
 * @param server the server; null for a servlet
 * @param permissions its permissions; null for a server
 * @param changed when it last changed
 */
public record InstallationPageView(
    String name,
    String address,
    String source,
    @Nullable String sourceAddress,
    String description,
    InstallationState state,
    List<String> lacks,
    @Nullable Version version,
    @Nullable ServerView server,
    @Nullable Permissions permissions,
    Tools tools,
    PageTime installed,
    PageTime changed) {

  /**
   * The version of the servlet that it has.
   *
   * @param digest its content address
   * @param isOld whether it can be updated to a newer one
   */
  public record Version(String text, String digest, boolean isOld) {}

  /**
   * Its permissions and settings.
   *
   * @param domains the hosts that it may call
   * @param settings its settings, never with a value
   */
  public record Permissions(List<String> domains, List<Setting> settings) {}

  /**
   * A setting.
   *
   * @param isSet whether it has a value
   */
  public record Setting(String key, boolean isSet) {}

  /**
   * A part of its tools.
   *
   * @param first the number of the first one, from 1 on
   * @param before the address of the part before; null for none
   * @param after the address of the part after; null for none
   */
  public record Tools(
      List<ToolLine> lines, int first, int count, @Nullable String before, @Nullable String after) {
    /** The number of the last one. */
    public int last() {
      return first + lines.size() - 1;
    }
  }
}
