package dev.errand.adapters.console.page;

import dev.errand.models.port.RunError;
import dev.errand.models.port.WarningCode;
import dev.errand.runs.queue.RunStatus;
import io.quarkus.qute.TemplateExtension;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The statuses of runs in words for people, and their marks. */
@TemplateExtension(namespace = "runs")
public final class RunWords {
  private static final String DONE = "done";
  private static final String FAILED = "failed";
  private static final String CANCELLED = "cancelled";

  private RunWords() {}

  /** The word for a status by its code; any other text is returned unchanged. */
  public static String word(String status) {
    return status.equals(RunStatus.READY.code())
        ? DONE
        : status.equals(RunStatus.ERROR.code()) ? FAILED : status;
  }

  /**
   * The word for the status of a run.
   *
   * @param code the code of its error; null where it did not fail
   */
  public static String word(RunStatus status, @Nullable String code) {
    return isCancelled(code) ? CANCELLED : word(status.code());
  }

  /**
   * The mark of the status of a run: one that was cancelled has one of its own, and so has a ready
   * one with warnings, unless they are minor ones.
   *
   * @param code as for {@link #word}
   */
  public static Mark mark(RunStatus status, @Nullable String code, List<String> warnings) {
    return switch (status) {
      case PENDING -> Mark.PENDING;
      case RUNNING -> Mark.RUNNING;
      case READY -> WarningCode.MINOR.containsAll(warnings) ? Mark.READY : Mark.WARNED;
      case ERROR -> isCancelled(code) ? Mark.CANCELLED : Mark.ERROR;
    };
  }

  /** Whether that is the code of a run that somebody cancelled. */
  static boolean isCancelled(@Nullable String code) {
    return RunError.CANCELLED.code().equals(code);
  }
}
