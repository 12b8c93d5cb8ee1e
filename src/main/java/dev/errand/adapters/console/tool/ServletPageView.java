package dev.errand.adapters.console.tool;

import dev.errand.adapters.console.page.PageTime;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The data of the page of a servlet.
 *
 * @param slug {@code owner/name}
 * @param isPrivate whether only its owner sees it
 * @param publish the page that publishes a version of it; null for others than its owner
 * @param install the page that installs it; null where there is nothing to install
 * @param judgement the result of a publication that has just been made; null for none
 * @param domains the hosts that it declares
 * @param config the keys of the settings that it declares
 * @param imports the imports of its newest version, by module
 * @param isCut whether not all of its tools are shown
 * @param versions some of its versions, the newest first
 * @param older the address of the older ones; null for none
 * @param behind the visitor's installations that have an older version
 */
public record ServletPageView(
    String slug,
    String address,
    String description,
    boolean isPrivate,
    @Nullable String publish,
    @Nullable String install,
    @Nullable PublishResult judgement,
    List<String> domains,
    List<String> config,
    List<Imports> imports,
    List<ToolText> tools,
    boolean isCut,
    List<VersionLine> versions,
    @Nullable String older,
    List<Behind> behind) {

  /**
   * The result of publishing a version.
   *
   * @param isYanked whether it stays yanked, so that no installation gets it
   */
  public record PublishResult(VersionLine version, boolean isYanked) {}

  /**
   * The imports of a version from a module.
   *
   * @param module the name of the module
   * @param names the names of what is imported
   */
  public record Imports(String module, String names) {}

  /**
   * A tool.
   *
   * @param schema the JSON Schema of its arguments
   */
  public record ToolText(String name, String description, String schema) {}

  /**
   * A version.
   *
   * @param digest its content address
   * @param published when it was published first
   * @param engine how this process runs it
   * @param tools the names of its tools
   */
  public record VersionLine(
      int number,
      String digest,
      PageTime published,
      String size,
      String engine,
      String tools,
      boolean isYanked) {}

  /**
   * An installation that has an older version.
   *
   * @param name its profile and its name
   * @param number the number of the version that it has
   */
  public record Behind(String name, String address, int number) {}
}
