package dev.errand.app.telemetry;

import dev.errand.runs.queue.Claim;
import java.util.Map;
import org.jboss.logging.MDC;

/**
 * Puts the run into the logging context (MDC) of the thread that executes it and of the threads
 * that this thread starts, which inherit the context.
 */
final class LogContext implements AutoCloseable {
  private final Map<String, String> values;

  private LogContext(Map<String, String> values) {
    this.values = values;
  }

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

  @Override
  public void close() {
    values.keySet().forEach(MDC::remove);
  }
}
