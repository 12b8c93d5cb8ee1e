package dev.errand.app.telemetry;

import dev.errand.base.http.Traces;
import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.SpanContext;
import io.opentelemetry.api.trace.Tracer;
import io.opentelemetry.api.trace.TracerProvider;
import io.opentelemetry.api.trace.propagation.W3CTraceContextPropagator;
import io.opentelemetry.context.Context;
import io.opentelemetry.context.Scope;
import io.opentelemetry.context.propagation.TextMapGetter;
import io.quarkus.arc.Arc;
import io.quarkus.vertx.http.runtime.CurrentVertxRequest;
import io.vertx.ext.web.RoutingContext;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.jspecify.annotations.Nullable;

/** Reads and writes trace contexts as {@code traceparent} (W3C Trace Context). */
@ApplicationScoped
class Tracing implements Traces {
  /** The name of the header field and of the attribute of events. */
  static final String FIELD = "traceparent";

  private static final TextMapGetter<String> ALONE =
      new TextMapGetter<>() {
        @Override
        public Iterable<String> keys(String carrier) {
          return List.of(FIELD);
        }

        @Override
        public @Nullable String get(@Nullable String carrier, String key) {
          return key.equals(FIELD) ? carrier : null;
        }
      };

  private final boolean isOff;
  private final Tracer tracer;
  private final CurrentVertxRequest request;

  /** Without tracing, the tracer of the framework would still record spans. */
  Tracing(
      @ConfigProperty(name = "quarkus.otel.sdk.disabled") boolean isOff,
      Tracer tracer,
      CurrentVertxRequest request) {
    this.isOff = isOff;
    this.tracer = isOff ? TracerProvider.noop().get("errand") : tracer;
    this.request = request;
  }

  /** Starts spans; without tracing, spans that stand for their parents and record nothing. */
  Tracer tracer() {
    return tracer;
  }

  /** Makes a span current on the calling thread, if tracing is on. */
  // The caller closes it.
  @SuppressWarnings("MustBeClosedChecker")
  Scope current(Span span) {
    return isOff ? Scope.noop() : span.makeCurrent();
  }

  @Override
  public @Nullable String current() {
    return written(isOff ? asked() : Span.current());
  }

  @Override
  public Map<String, String> fields() {
    Map<String, String> fields = new HashMap<>();
    if (!isOff) {
      W3CTraceContextPropagator.getInstance().inject(Context.current(), fields, Tracing::set);
    }
    return fields;
  }

  private static void set(@Nullable Map<String, String> fields, String name, String value) {
    Objects.requireNonNull(fields).put(name, value);
  }

  // Without tracing, a received context is passed on unchanged.
  private Span asked() {
    if (!Arc.container().requestContext().isActive()) {
      return Span.getInvalid();
    }
    RoutingContext current = request.getCurrent();
    return current == null
        ? Span.getInvalid()
        : Span.fromContext(read(current.request().getHeader(FIELD)));
  }

  @Override
  public void causedBy(String traceparent) {
    SpanContext cause = Span.fromContext(read(traceparent)).getSpanContext();
    if (cause.isValid()) {
      Span.current().addLink(cause);
    }
  }

  /** The context in a {@code traceparent}; a new trace if it is absent or malformed. */
  static Context read(@Nullable String traceparent) {
    return traceparent == null
        ? Context.root()
        : W3CTraceContextPropagator.getInstance().extract(Context.root(), traceparent, ALONE);
  }

  /** The {@code traceparent} of a span; null without a valid one. */
  static @Nullable String written(Span span) {
    SpanContext context = span.getSpanContext();
    return context.isValid()
        ? "00-"
            + context.getTraceId()
            + "-"
            + context.getSpanId()
            + "-"
            + context.getTraceFlags().asHex()
        : null;
  }
}
