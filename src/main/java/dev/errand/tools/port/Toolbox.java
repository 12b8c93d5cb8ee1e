package dev.errand.tools.port;

import java.util.List;
import java.util.Optional;

/** The tools that one run may use, under the names that its model sees. */
public interface Toolbox {
  /** All tools, in a stable order; no two share a name. */
  List<Tool> tools();

  /**
   * Prepares calls of these tools, such as by renewing credentials.
   *
   * @return why some of them can't be called until a person has done something, as sentences; empty
   *     where they can
   */
  default Optional<String> prepare() throws InterruptedException {
    return Optional.empty();
  }

  /**
   * The tool of an installation, also where the installation has another name, or its server
   * another address, than before.
   */
  default Optional<Tool> find(ToolOrigin origin) {
    return tools().stream()
        .filter(tool -> tool.origin().filter(origin::isSameTool).isPresent())
        .findFirst();
  }

  /** The tool of that name, if there is one. */
  default Optional<Tool> find(String name) {
    return tools().stream().filter(tool -> tool.spec().name().equals(name)).findFirst();
  }
}
