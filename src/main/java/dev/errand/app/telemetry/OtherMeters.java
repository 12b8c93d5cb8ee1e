package dev.errand.app.telemetry;

import dev.errand.automation.schedule.DecidedFire;
import dev.errand.base.egress.address.EgressRefusals;
import dev.errand.base.egress.address.EgressRefusedException;
import dev.errand.base.json.Coded;
import dev.errand.base.limit.ByteBudget;
import dev.errand.base.limit.ReadBudget;
import dev.errand.base.turn.FairPool;
import dev.errand.base.turn.RequestPools;
import dev.errand.base.turn.RunChecks;
import dev.errand.tools.servlet.limit.ServletTimes;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import io.quarkus.runtime.Startup;
import jakarta.enterprise.event.Observes;
import jakarta.enterprise.event.TransactionPhase;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.util.EnumMap;
import java.util.Map;
import java.util.Objects;
import org.jboss.logging.Logger;

/** Meters of servlets, refused requests, schedules, budgets of memory and work of requests. */
@Startup
@Singleton
class OtherMeters implements ServletTimes, EgressRefusals {
  private static final Logger LOG = Logger.getLogger(OtherMeters.class);

  private static final String KIND = "kind";

  private final MeterRegistry meters;
  private final Timer compile;
  private final Map<ServletTimes.End, Timer> calls;
  private final Map<EgressRefusedException.Reason, Counter> refusals =
      new EnumMap<>(EgressRefusedException.Reason.class);

  OtherMeters(
      MeterRegistry meters,
      ByteBudget budget,
      ReadBudget reads,
      RequestPools pools,
      RunChecks checks) {
    this.meters = meters;
    this.compile =
        Timers.here(
                "errand.servlet.compile",
                "How long it took to prepare a servlet's module: to compile it, or to load"
                    + " its stored code.")
            .register(meters);
    this.calls =
        Timers.byOutcome(
            ServletTimes.End.class,
            () ->
                Timers.here(
                    "errand.servlet.call", "How long servlets ran, including their HTTP requests."),
            meters);
    for (EgressRefusedException.Reason reason : EgressRefusedException.Reason.values()) {
      refusals.put(
          reason,
          Counter.builder("errand.egress.refused")
              .description("HTTP requests of tools, tasks and callbacks that were refused.")
              .tag("reason", Coded.codeOf(reason))
              .register(meters));
    }
    // Registered at the start, so that the first refusal shows as an increase.
    fires(DecidedFire.STARTED);
    fires(DecidedFire.MISSED);
    register(budget);
    register(reads);
    pools.all().forEach(this::register);
    register(checks.pool());
  }

  private void register(FairPool pool) {
    Gauge.builder("errand.compute.used", pool, FairPool::used)
        .description("Work of requests that is done at the moment.")
        .tag(KIND, pool.name())
        .register(meters);
    Gauge.builder("errand.compute.waiting", pool, FairPool::waiting)
        .description("Work of requests that waits for its turn.")
        .tag(KIND, pool.name())
        .register(meters);
    FunctionCounter.builder("errand.compute.refused", pool, FairPool::refused)
        .description("Work of requests that was refused or ended, since its user had too much.")
        .tag(KIND, pool.name())
        .register(meters);
  }

  private void register(ByteBudget budget) {
    Gauge.builder("errand.parse.budget.used", budget, ByteBudget::used)
        .description("Memory that is reserved for parsing data from outside.")
        .baseUnit("bytes")
        .register(meters);
    Gauge.builder("errand.parse.budget", budget, ByteBudget::capacity)
        .description("Memory that may be reserved for parsing data from outside.")
        .baseUnit("bytes")
        .register(meters);
    FunctionCounter.builder("errand.parse.refused", budget, ByteBudget::refused)
        .description("Bodies, answers and calls that were refused for lack of memory.")
        .register(meters);
  }

  private void register(ReadBudget budget) {
    Gauge.builder("errand.read.budget.used", budget, ReadBudget::used)
        .description("Memory that is reserved for what requests read from the database.")
        .baseUnit("bytes")
        .register(meters);
    Gauge.builder("errand.read.budget", budget, ReadBudget::capacity)
        .description("Memory that may be reserved for what requests read from the database.")
        .baseUnit("bytes")
        .register(meters);
    FunctionCounter.builder("errand.read.refused", budget, ReadBudget::refused)
        .description("Requests that were refused for lack of memory for what they read.")
        .register(meters);
  }

  @Override
  public void loaded(Duration took) {
    compile.record(took);
    LOG.debugf("A servlet's module was made ready in %d ms", took.toMillis());
  }

  @Override
  public void called(Duration took, End end) {
    Objects.requireNonNull(calls.get(end)).record(took);
  }

  @Override
  public void refused(EgressRefusedException.Reason reason) {
    Objects.requireNonNull(refusals.get(reason)).increment();
  }

  void decided(@Observes(during = TransactionPhase.AFTER_SUCCESS) DecidedFire.Count decided) {
    fires(decided.verdict()).increment((double) decided.times());
  }

  private Counter fires(String verdict) {
    return Counter.builder("errand.schedule.fires")
        .description("Times of schedules, by their outcome.")
        .tag("outcome", verdict)
        .register(meters);
  }
}
