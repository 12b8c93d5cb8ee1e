package dev.errand.tools.tool;

import java.util.List;

/**
 * Where the tools of an installation come from: servlets, the tasks of a profile, remote servers.
 * Whoever gathers or calls the tools of a profile goes through this port, so that what must hold
 * for every tool is checked around it.
 */
public interface ToolSource {

  /**
   * Whether the tools of an installation come from here.
   *
   * @param slug what is installed, as {@code owner/name}
   */
  boolean offers(String slug);

  /**
   * The tools of an installation, under the names that the source gives them.
   *
   * @param address the content address of the version that is installed
   */
  List<ToolSpec> tools(String address);

  /** Opens it for a run, or for a call by a person. Calls of one session share their budgets. */
  Session open(ToolUser user);

  /** What the tools of a source are called through. */
  @FunctionalInterface
  interface Session {
    /**
     * Calls a tool and waits for its answer, as {@link Tool#call} does.
     *
     * @param tool the tool, with what its installation is permitted
     */
    ToolResult call(PermittedTool tool, ToolCall call) throws InterruptedException;
  }
}
