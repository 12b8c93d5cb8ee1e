package dev.errand.automation.channel;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** Sends messages to the channels of one kind. */
public interface ChannelSender {
  Channel.Kind kind();

  /**
   * Makes one attempt.
   *
   * @param deliveryId the same at each attempt, by which receivers recognise repetitions
   */
  Answer send(Channel channel, ChannelMessage message, String deliveryId)
      throws InterruptedException;

  /**
   * The result of an attempt.
   *
   * @param status the HTTP or SMTP status; null where there was no answer
   * @param error why it failed, a sentence without secrets; null where it did not
   * @param isUnwanted whether the receiver refuses further messages, as by 410
   * @param isFinal whether another attempt would end the same: the receiver refuses further
   *     messages, or a mail server rejected this one
   * @param askedToWait how long to wait before the next attempt; zero for no wish
   */
  record Answer(
      @Nullable Integer status,
      @Nullable String error,
      boolean isUnwanted,
      boolean isFinal,
      Duration askedToWait) {
    /** A message that was accepted. */
    static Answer accepted(int status) {
      return new Answer(status, null, false, false, Duration.ZERO);
    }

    /** An attempt that failed, and that another one may follow. */
    static Answer failed(@Nullable Integer status, String error) {
      return new Answer(status, error, false, false, Duration.ZERO);
    }

    public boolean isAccepted() {
      return error == null;
    }
  }
}
