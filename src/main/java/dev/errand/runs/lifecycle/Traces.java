package dev.errand.runs.lifecycle;

import org.jspecify.annotations.Nullable;

/** Port to the tracer: reads and links trace contexts in the form of W3C {@code traceparent}. */
public interface Traces {
  /** The trace context of the calling thread; null without tracing. */
  @Nullable String current();

  /**
   * Links the calling thread's span to another trace that caused it.
   *
   * @param traceparent the header as it was received; it may be malformed
   */
  void causedBy(String traceparent);
}
