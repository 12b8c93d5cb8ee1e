package dev.errand.runs.history;

import dev.errand.base.error.ApiException;
import dev.errand.base.error.ErrorCode;
import dev.errand.base.limit.BoundedPages;
import dev.errand.runs.queue.Run;
import dev.errand.runs.task.TaskSnapshot;
import jakarta.inject.Singleton;
import java.util.List;
import java.util.Optional;

/**
 * Reads what a run has that may be long, its parameters and its output, each after memory was
 * reserved for it, which is held until the request is answered.
 *
 * <p>Each method throws {@link ApiException} with {@link ErrorCode#RUN_GONE} where the run was
 * removed, and with {@link ErrorCode#UNAVAILABLE} where no memory was free in time.
 */
@Singleton
public class RunReader {
  /** An output with more bytes than this is very long. */
  public static final int VERY_LONG = 1 << 20;

  private final RunArchive archive;
  private final BoundedPages pages;

  RunReader(RunArchive archive, BoundedPages pages) {
    this.archive = archive;
    this.pages = pages;
  }

  /**
   * Finds the task's run of that name with all of its output.
   *
   * @param user the name of the user for whom it is read
   */
  public Optional<Run> whole(String user, TaskSnapshot task, String name) {
    return read(user, task, name, ListedRuns.WHOLE);
  }

  /** The same with the beginning of its output where that is long. */
  public Optional<Run> briefly(String user, TaskSnapshot task, String name) {
    return read(user, task, name, ListedRuns.CUT);
  }

  /** The same with its parameters, and without its output. */
  public Optional<Run> withParameters(String user, TaskSnapshot task, String name) {
    return read(user, task, name, ListedRuns.PARAMETERS);
  }

  /**
   * Finds the task's run of that name, for which the caller holds memory already.
   *
   * @param most for how many bytes; where all of the run has more, it comes with the beginning of
   *     its output, as much of a {@link #VERY_LONG} one as there is memory for
   */
  public Optional<Run> within(long most, TaskSnapshot task, String name) {
    for (ListedRuns texts : List.of(ListedRuns.WHOLE, ListedRuns.CUT_LATE)) {
      BoundedPages.Rows<Optional<Run>> found = archive.known(task, name, texts, most).rows();
      if (!found.areCut()) {
        return first(found.items());
      }
    }
    return first(archive.known(task, name, ListedRuns.CUT, Long.MAX_VALUE).rows().items());
  }

  private static Optional<Run> first(List<Optional<Run>> found) {
    return found.stream().flatMap(Optional::stream).findFirst();
  }

  private Optional<Run> read(String user, TaskSnapshot task, String name, ListedRuns texts) {
    return first(
        pages
            .read(user, 0, 1, (from, most, bytes) -> archive.known(task, name, texts, bytes))
            .items());
  }
}
