package dev.errand.base.http;

import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Port to the tracer: the trace contexts (W3C Trace Context) of requests that come and go. */
public interface Traces {
  /** The {@code traceparent} of the calling thread; null without one. */
  @Nullable String current();

  /**
   * The context of the calling thread's span as {@code traceparent} and, where there is one, {@code
   * tracestate}; empty without tracing.
   */
  Map<String, String> fields();

  /**
   * Links the calling thread's span to another trace that caused it.
   *
   * @param traceparent the header as it was received; it may be malformed
   */
  void causedBy(String traceparent);
}
