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

  /** The tool of that name, if there is one. */
  default Optional<Tool> find(String name) {
    return tools().stream().filter(tool -> tool.spec().name().equals(name)).findFirst();
  }
}
