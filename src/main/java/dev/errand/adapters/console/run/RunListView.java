package dev.errand.adapters.console.run;

import dev.errand.adapters.console.page.RunLine;
import dev.errand.models.port.RunError;
import dev.errand.runs.entry.RunCause;
import dev.errand.runs.queue.RunStatus;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The data of the page with the runs of a profile.
 *
 * @param filter the selection, as the form shows it
 * @param tasks the names of tasks to choose from
 * @param next the address of the following page; null for the last one
 * @param self the address of this page, by which it refreshes itself; null where it does not
 * @param filtered whether only a part of the runs is selected
 * @param message why none are listed; null where they are
 */
public record RunListView(
    Filter filter,
    List<String> tasks,
    List<RunLine> runs,
    @Nullable String next,
    @Nullable String self,
    boolean filtered,
    @Nullable String message) {

  /** The statuses to choose from. */
  public List<String> statuses() {
    return Stream.of(RunStatus.values()).map(RunStatus::code).toList();
  }

  /** The codes of errors to choose from; those of other versions can be typed. */
  public List<String> codes() {
    return Stream.of(RunError.values()).map(RunError::code).toList();
  }

  /** The kinds of causes to choose from. */
  public List<String> causes() {
    return RunCause.Kind.codes();
  }

  /**
   * The fields of the form; an empty one selects all.
   *
   * @param task the name of a task
   * @param code the code of an error
   * @param cause the kind of what started the runs
   * @param parent the run that started them, as {@code task/run}
   * @param from the first time, in UTC, such as {@code 2026-11-26T09:30}
   * @param to the time after it
   */
  public record Filter(
      String status,
      String task,
      String code,
      String cause,
      String parent,
      String from,
      String to) {
    /** Whether it selects all runs. */
    boolean isEmpty() {
      return (status + task + code + cause + parent + from + to).isEmpty();
    }
  }
}
