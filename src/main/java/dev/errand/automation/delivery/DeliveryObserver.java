package dev.errand.automation.delivery;

import dev.errand.automation.channel.ChannelKind;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Port for telemetry: observes deliveries to callbacks and channels. It is thread-safe and must not
 * block or throw.
 */
public interface DeliveryObserver {

  /**
   * Begins to observe an attempt of a delivery.
   *
   * @param traceparent the trace context of the request that started the run; null without tracing
   */
  Observation begin(String url, @Nullable String traceparent);

  /**
   * Begins to observe an attempt to send a notice to a channel.
   *
   * @param traceparent the trace context of the request that started the run; null without one
   */
  Observation beginNotice(ChannelKind kind, @Nullable String traceparent);

  interface Observation extends AutoCloseable {
    /** The header fields that pass the trace context to the receiver. */
    Map<String, String> headers();

    /** The attempt ended. */
    void ended(AttemptOutcome outcome, @Nullable Integer status);

    @Override
    void close();
  }

  enum AttemptOutcome {
    ACCEPTED,
    /** The receiver answered 410: it refuses further deliveries. */
    UNWANTED,
    /** The receiver answered with another status. */
    ANSWERED_OTHERWISE,
    UNANSWERED,
    /** The egress rules refused the address. */
    REFUSED,
    /**
     * There was no attempt: the channel is switched off, not confirmed, or gone, or the message
     * can't be read.
     */
    UNADDRESSED
  }
}
