package dev.errand.adapters.console.run;

import dev.errand.adapters.console.page.Amounts;
import dev.errand.runs.entry.RunEntry;
import dev.errand.runs.queue.Run;
import dev.errand.tools.mcp.wire.VisibleText;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What a live run does at the moment.
 *
 * @param text such as {@code waiting for the model}
 * @param ms since when, in milliseconds before the page was made
 */
public record RunNow(String text, long ms) {
  /** For how long, in words. */
  public String took() {
    return Amounts.lasting(Duration.ofMillis(ms));
  }

  /**
   * What a run does.
   *
   * @param last its last entries
   * @return null where it has ended, or waits for a time or for a person
   */
  static @Nullable RunNow of(Run run, List<NumberedEntry> last, Instant now) {
    return switch (run.status()) {
      case PENDING ->
          run.isWaitingForPerson() || isAfter(run.scheduledAt(), now)
              ? null
              : since("waiting for a worker", run.modifiedAt(), now);
      case RUNNING -> running(run, last, now);
      case READY, ERROR -> null;
    };
  }

  private static boolean isAfter(@Nullable Instant time, Instant now) {
    return time != null && time.isAfter(now);
  }

  private static RunNow running(Run run, List<NumberedEntry> last, Instant now) {
    Map<String, NumberedEntry> open = new LinkedHashMap<>();
    Instant step = run.startedAt() == null ? run.createdAt() : run.startedAt();
    for (NumberedEntry entry : last) {
      if (entry.entry() instanceof RunEntry.ToolCallRequested(var call)) {
        open.put(call.id(), entry);
      } else if (entry.entry() instanceof RunEntry.ToolResult result) {
        open.remove(result.message().callId());
      }
      if (!(entry.entry() instanceof RunEntry.LogLine) && entry.timed().time().isAfter(step)) {
        step = entry.timed().time();
      }
    }
    if (open.isEmpty()) {
      return since("waiting for the model", step, now);
    }
    NumberedEntry first = open.values().iterator().next();
    String tool =
        first.entry() instanceof RunEntry.ToolCallRequested(var call)
            ? VisibleText.of(call.name())
            : "";
    String more = open.size() == 1 ? "" : " and " + (open.size() - 1) + " more";
    return since("running " + tool + more, first.timed().time(), now);
  }

  private static RunNow since(String text, Instant begun, Instant now) {
    return new RunNow(text, Math.max(0, Duration.between(begun, now).toMillis()));
  }
}
