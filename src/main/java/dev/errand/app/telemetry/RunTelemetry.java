package dev.errand.app.telemetry;

import dev.errand.base.json.Coded;
import dev.errand.models.port.ModelAsked;
import dev.errand.models.port.ToolCalled;
import dev.errand.runs.queue.Claim;
import dev.errand.runs.worker.RunObserver;
import jakarta.inject.Singleton;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/** Reports the work on runs to metrics, traces and the logging context. */
@Singleton
class RunTelemetry implements RunObserver {
  private static final Logger LOG = Logger.getLogger(RunTelemetry.class);

  private final RunMeters meters;
  private final RunSpans spans;

  RunTelemetry(RunMeters meters, RunSpans spans) {
    this.meters = meters;
    this.spans = spans;
  }

  @Override
  public Attempt begin(Claim claim) {
    meters.claimed(claim);
    Watched watched = new Watched(spans.begin(claim), LogContext.of(claim));
    LOG.debug("The attempt begins");
    return watched;
  }

  @Override
  public void leasesLost(int leases) {
    meters.leasesLost(leases);
  }

  /** An attempt under way. */
  private final class Watched implements Attempt {
    private final RunSpans.Attempt span;
    private final LogContext context;

    Watched(RunSpans.Attempt span, LogContext context) {
      this.span = span;
      this.context = context;
    }

    @Override
    public void modelAsked(ModelAsked asked) {
      meters.modelAsked(asked);
      span.modelAsked(asked);
      LOG.debugf(
          "A request to the model took %d ms: %s", asked.took().toMillis(), word(asked.result()));
    }

    @Override
    public void toolCalled(ToolCalled called) {
      meters.toolCalled(called);
      span.toolCalled(called);
      LOG.debugf(
          "A call of the tool %s took %d ms: %s",
          called.call().name(),
          called.took().toMillis(),
          called.result().isError() ? "it failed" : "it answered");
    }

    @Override
    public void warned(String code) {
      meters.warned(code);
    }

    @Override
    public void ended(End end, @Nullable String code) {
      span.ended(end, code);
      LOG.debugf("The attempt ended: %s%s", Coded.codeOf(end), code == null ? "" : " as " + code);
    }

    @Override
    public void close() {
      context.close();
      span.close();
    }
  }

  private static String word(ModelAsked.Result result) {
    return switch (result) {
      case ModelAsked.Answered _ -> "it answered";
      case ModelAsked.Unanswered unanswered -> unanswered.failure().code();
      case ModelAsked.Interrupted() -> "it was interrupted";
    };
  }
}
