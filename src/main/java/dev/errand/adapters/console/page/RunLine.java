package dev.errand.adapters.console.page;

import dev.errand.runs.queue.RunStatus;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A run as a line of a list.
 *
 * @param task the name of its task
 * @param status pending, running, ready or error
 * @param waits whether it waits until a person decides about a tool call
 * @param code the code of its error; null where it did not fail
 * @param warnings the codes of its warnings, each once
 * @param took how long it has taken; empty while it has not begun
 * @param tokens how many it has used; empty for none
 */
public record RunLine(
    long id,
    String name,
    String address,
    String task,
    String taskAddress,
    String status,
    boolean waits,
    @Nullable String code,
    List<String> warnings,
    ShownCause cause,
    PageTime created,
    String took,
    String tokens,
    String cost) {
  /** The mark of its status. */
  public Mark mark() {
    return RunWords.mark(RunStatus.of(status), code, warnings);
  }

  /** Its status in a word. */
  public String word() {
    return RunWords.word(RunStatus.of(status), code);
  }

  /** Whether it was cancelled. */
  public boolean isCancelled() {
    return RunWords.isCancelled(code);
  }
}
