package dev.errand.runs.run.start;

import org.jspecify.annotations.Nullable;

/**
 * The traces that requests and runs are part of, each told of as W3C Trace Context writes it in
 * {@code traceparent}.
 */
public interface Traces {
  /** What goes on on the calling thread; null where that is not traced. */
  @Nullable String current();

  /**
   * What goes on on the calling thread was caused by what is part of another trace.
   *
   * @param traceparent what came in, which may be anything
   */
  void causedBy(String traceparent);
}
