package dev.errand.observe;

import dev.errand.run.Traces;
import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.SpanContext;
import io.opentelemetry.api.trace.propagation.W3CTraceContextPropagator;
import io.opentelemetry.context.Context;
import io.opentelemetry.context.propagation.TextMapGetter;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Traces as text, the one form in which they leave a process and come into one. */
@ApplicationScoped
class Tracing implements Traces {
  /** The header field and the attribute that has it. */
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

  @Override
  public @Nullable String current() {
    return written(Span.current());
  }

  @Override
  public void causedBy(String traceparent) {
    SpanContext cause = Span.fromContext(read(traceparent)).getSpanContext();
    if (cause.isValid()) {
      Span.current().addLink(cause);
    }
  }

  /** What belongs to a trace that was told of; the beginning of one where none was, or nonsense. */
  static Context read(@Nullable String traceparent) {
    return traceparent == null
        ? Context.root()
        : W3CTraceContextPropagator.getInstance().extract(Context.root(), traceparent, ALONE);
  }

  /** How a span is told of; null where it is none. */
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
