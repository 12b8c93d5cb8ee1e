package dev.errand.tools.port;

import java.util.List;
import java.util.Optional;
import java.util.UUID;

/**
 * Port to a kind of tools: servlets, the tasks of a profile, remote servers. All tools of a profile
 * are listed and called through this port, so that checks which apply to every tool are made in one
 * place.
 */
public interface ToolSource {
  /**
   * Whether this source has the tools of an installation.
   *
   * @param slug the installed servlet or server, as {@code owner/name}
   */
  boolean offers(String slug);

  /** The tools of an installation, with their names in this source. */
  List<ToolSpec> tools(String address);

  /** Opens a session for a run, or for a person's call. The calls of a session share budgets. */
  Session open(ToolUser user);

  /**
   * Why the tools of an installation can't be called.
   *
   * @param sentence the reason and what to do
   * @param needsConnection whether a person has to connect it at its link
   */
  record Lack(String sentence, boolean needsConnection) {}

  /** A session in which tools of the source are called. */
  @FunctionalInterface
  interface Session {
    /** Calls a tool and waits for its answer, as {@link Tool#call} does. */
    ToolResult call(PermittedTool tool, ToolCall call) throws InterruptedException;

    /**
     * Prepares calls of an installation's tools, such as by renewing credentials.
     *
     * @return why they can't be called until a person does something; empty where they can
     */
    default Optional<Lack> prepare(UUID installationId) throws InterruptedException {
      return Optional.empty();
    }
  }
}
