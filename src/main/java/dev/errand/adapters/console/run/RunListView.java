package dev.errand.adapters.console.run;

import dev.errand.adapters.console.page.ListFilter;
import dev.errand.adapters.console.page.RunLine;
import dev.errand.models.port.RunError;
import dev.errand.models.port.WarningCode;
import dev.errand.runs.entry.RunCause;
import dev.errand.runs.queue.RunStatus;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The data of the page with the runs of a profile.
 *
 * @param tasks the names of tasks to choose from
 * @param next the address of the following page; null for the last one
 * @param self the address of this page, by which it refreshes itself; null where it does not
 * @param compare the address of the page that compares two of them; null where they are of several
 *     tasks
 * @param searched what was searched for a text; null where none was
 * @param message why none are listed; null where they are
 */
public record RunListView(
    ListFilter filter,
    List<String> tasks,
    List<RunLine> runs,
    @Nullable String next,
    @Nullable String self,
    @Nullable String compare,
    @Nullable String searched,
    @Nullable String message) {

  /** The statuses to choose from. */
  public List<String> statuses() {
    return Stream.of(RunStatus.values()).map(RunStatus::code).toList();
  }

  /** The codes of errors to choose from; those of other versions can be typed. */
  public List<String> codes() {
    return Stream.of(RunError.values()).map(RunError::code).toList();
  }

  /** The codes of warnings to choose from; those of other versions can be typed. */
  public List<String> warnings() {
    return Stream.concat(
            Stream.of(WarningCode.values()).map(WarningCode::code),
            Stream.of(RunError.values()).filter(RunError::isBound).map(RunError::code))
        .toList();
  }

  /** The kinds of causes to choose from. */
  public List<String> causes() {
    return RunCause.Kind.codes();
  }
}
