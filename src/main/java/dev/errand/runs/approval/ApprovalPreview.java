package dev.errand.runs.approval;

import io.quarkus.runtime.annotations.RegisterForReflection;
import java.net.URI;
import java.time.Instant;
import java.util.List;
import java.util.Map;

/**
 * Which calls of an installation's tools would have waited for a person by some rules.
 *
 * @param since the first time of a run that was looked at
 * @param runs how many runs were looked at
 * @param calls how many calls of the tools were looked at
 * @param waiting how many of these would have waited
 * @param complete whether these are all runs and calls since then
 * @param tools the same by tool, by the names that the servlet or server gives them
 * @param examples some that would have waited, newest runs first
 */
@RegisterForReflection
public record ApprovalPreview(
    Instant since,
    int runs,
    int calls,
    int waiting,
    boolean complete,
    Map<String, Count> tools,
    List<Example> examples) {
  /** The calls of a tool. */
  @RegisterForReflection
  public record Count(int calls, int waiting) {
    static final Count NONE = new Count(0, 0);

    Count plus(boolean waits) {
      return new Count(calls + 1, waiting + (waits ? 1 : 0));
    }
  }

  /**
   * A call that would have waited.
   *
   * @param url the URL of its run
   * @param arguments the beginning of its arguments, as JSON
   */
  @RegisterForReflection
  public record Example(String task, String run, URI url, String tool, String arguments) {}
}
