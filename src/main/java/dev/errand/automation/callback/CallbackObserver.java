package dev.errand.automation.callback;

import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Looks on while callbacks are told; it neither waits nor fails. Any thread may tell. */
public interface CallbackObserver {

  /**
   * A callback is about to be told of the end of a run.
   *
   * @param url where
   * @param traceparent what asked for the run, as a trace tells of it; null where nothing was
   *     traced
   */
  Telling begin(String url, @Nullable String traceparent);

  /** One attempt. */
  interface Telling extends AutoCloseable {
    /** What the other side is to know of the trace, as header fields. */
    Map<String, String> headers();

    /**
     * It ended.
     *
     * @param status the HTTP status, where there was an answer
     */
    void ended(Outcome outcome, @Nullable Integer status);

    /** Nothing more comes of it. */
    @Override
    void close();
  }

  /** How an attempt ended. */
  enum Outcome {
    /** It was heard. */
    HEARD,
    /** The other side wants to hear nothing any more. */
    UNWANTED,
    /** The other side answered with another status. */
    ANSWERED_OTHERWISE,
    /** Nobody answered. */
    UNANSWERED,
    /** The address may not be called. */
    REFUSED
  }
}
