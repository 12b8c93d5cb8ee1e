package dev.errand.app.telemetry;

import dev.errand.runs.queue.record.Claim;
import java.util.Map;
import org.jboss.logging.MDC;

/**
 * Names a run in every line that is logged while it is worked on, on the thread that began and on
 * all that it starts from then on: these begin with what their maker has.
 */
final class LogContext implements AutoCloseable {
  private final Map<String, String> values;

  private LogContext(Map<String, String> values) {
    this.values = values;
  }

  /** Begins it on this thread. */
  static LogContext of(Claim claim) {
    LogContext context =
        new LogContext(
            Map.of(
                "run",
                claim.name(),
                "task",
                claim.task(),
                "profile",
                claim.profile(),
                "attempt",
                Integer.toString(claim.attempt())));
    context.values.forEach(MDC::put);
    return context;
  }

  /** Ends it on this thread. */
  @Override
  public void close() {
    values.keySet().forEach(MDC::remove);
  }
}
