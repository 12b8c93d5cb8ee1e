package dev.errand.app.telemetry;

import dev.errand.automation.channel.ChannelKind;
import dev.errand.automation.delivery.DeliveryObserver;
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
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Counts and traces deliveries to callbacks and channels. */
@Startup
@ApplicationScoped
class DeliveryTelemetry implements DeliveryObserver {
  private final Tracer tracer;
  private final Map<AttemptOutcome, Counter> attempts;
  private final Map<ChannelKind, Map<AttemptOutcome, Counter>> ofNotices =
      new EnumMap<>(ChannelKind.class);

  DeliveryTelemetry(Tracing tracing, MeterRegistry meters) {
    this.tracer = tracing.tracer();
    this.attempts =
        counters(
            outcome ->
                Counter.builder("errand.callback.attempts")
                    .description("Attempts to deliver an event to a callback.")
                    .tag("outcome", Coded.codeOf(outcome))
                    .register(meters));
    for (ChannelKind kind : ChannelKind.values()) {
      ofNotices.put(
          kind,
          counters(
              outcome ->
                  Counter.builder("errand.notice.attempts")
                      .description("Attempts to send a notice to a channel.")
                      .tag("channel", kind.code())
                      .tag("outcome", Coded.codeOf(outcome))
                      .register(meters)));
    }
  }

  private static Map<AttemptOutcome, Counter> counters(Function<AttemptOutcome, Counter> counter) {
    Map<AttemptOutcome, Counter> all = new EnumMap<>(AttemptOutcome.class);
    for (AttemptOutcome outcome : AttemptOutcome.values()) {
      if (outcome != AttemptOutcome.UNADDRESSED) {
        all.put(outcome, counter.apply(outcome));
      }
    }
    return all;
  }

  @Override
  public Observation begin(String url, @Nullable String traceparent) {
    Span span = span("POST", traceparent);
    if (span.isRecording()) {
      span.setAttribute("http.request.method", "POST");
      span.setAttribute("server.address", hostOf(url));
    }
    return new TracedAttempt(span, attempts);
  }

  @Override
  public Observation beginNotice(ChannelKind kind, @Nullable String traceparent) {
    Span span = span("send notice", traceparent);
    span.setAttribute("errand.channel.kind", kind.code());
    return new TracedAttempt(span, Objects.requireNonNull(ofNotices.get(kind)));
  }

  private Span span(String name, @Nullable String traceparent) {
    return tracer
        .spanBuilder(name)
        .setParent(Tracing.read(traceparent))
        .setSpanKind(SpanKind.CLIENT)
        .startSpan();
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
  private static final class TracedAttempt implements Observation {
    private final Span span;
    private final Map<AttemptOutcome, Counter> counters;

    TracedAttempt(Span span, Map<AttemptOutcome, Counter> counters) {
      this.span = span;
      this.counters = counters;
    }

    @Override
    public Map<String, String> headers() {
      String traceparent = Tracing.written(span);
      return traceparent == null ? Map.of() : Map.of(Tracing.FIELD, traceparent);
    }

    @Override
    public void ended(AttemptOutcome outcome, @Nullable Integer status) {
      Objects.requireNonNull(counters.get(outcome)).increment();
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
