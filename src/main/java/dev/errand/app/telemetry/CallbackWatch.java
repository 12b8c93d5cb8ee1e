package dev.errand.app.telemetry;

import dev.errand.automation.callback.CallbackObserver;
import dev.errand.base.json.Coded;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.SpanKind;
import io.opentelemetry.api.trace.StatusCode;
import io.opentelemetry.api.trace.Tracer;
import io.quarkus.runtime.Startup;
import jakarta.enterprise.context.ApplicationScoped;
import java.net.URI;
import java.util.EnumMap;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Counts and traces deliveries of callbacks. */
@Startup
@ApplicationScoped
class CallbackWatch implements CallbackObserver {
  private final Tracer tracer;
  private final Map<AttemptOutcome, Counter> attempts = new EnumMap<>(AttemptOutcome.class);

  CallbackWatch(Tracing tracing, MeterRegistry meters) {
    this.tracer = tracing.tracer();
    for (AttemptOutcome outcome : AttemptOutcome.values()) {
      attempts.put(
          outcome,
          Counter.builder("errand.callback.attempts")
              .description("Attempts to deliver the end of a run to a callback.")
              .tag("outcome", Coded.codeOf(outcome))
              .register(meters));
    }
  }

  @Override
  public Observation begin(String url, @Nullable String traceparent) {
    Span span =
        tracer
            .spanBuilder("POST")
            .setParent(Tracing.read(traceparent))
            .setSpanKind(SpanKind.CLIENT)
            .startSpan();
    if (span.isRecording()) {
      span.setAttribute("http.request.method", "POST");
      span.setAttribute("server.address", hostOf(url));
    }
    return new TracedAttempt(span);
  }

  // Its path and query may be what makes the address a secret.
  private static String hostOf(String url) {
    try {
      String host = URI.create(url).getHost();
      return host == null ? "" : host;
    } catch (IllegalArgumentException e) {
      return "";
    }
  }

  /** One attempt. */
  private final class TracedAttempt implements Observation {
    private final Span span;

    TracedAttempt(Span span) {
      this.span = span;
    }

    @Override
    public Map<String, String> headers() {
      String traceparent = Tracing.written(span);
      return traceparent == null ? Map.of() : Map.of(Tracing.FIELD, traceparent);
    }

    @Override
    public void ended(AttemptOutcome outcome, @Nullable Integer status) {
      Objects.requireNonNull(attempts.get(outcome)).increment();
      if (status != null) {
        span.setAttribute("http.response.status_code", status.longValue());
      }
      if (outcome != AttemptOutcome.ACCEPTED) {
        span.setAttribute("error.type", status == null ? Coded.codeOf(outcome) : status.toString());
        span.setStatus(StatusCode.ERROR);
      }
    }

    @Override
    public void close() {
      span.end();
    }
  }
}
