package dev.errand.automation.channel;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * The result of an attempt to send a message to a channel.
 *
 * @param status the HTTP or SMTP status; null where there was no answer
 * @param error why it failed, a sentence without secrets; null where it did not
 * @param isUnwanted whether the receiver refuses further messages, as by 410
 * @param isFinal whether another attempt would end the same: the receiver refuses further messages,
 *     or a mail server rejected this one
 * @param askedToWait how long to wait before the next attempt; zero for no wish
 */
public record SendResult(
    @Nullable Integer status,
    @Nullable String error,
    boolean isUnwanted,
    boolean isFinal,
    Duration askedToWait) {
  /** A message that was accepted. */
  static SendResult accepted(int status) {
    return new SendResult(status, null, false, false, Duration.ZERO);
  }

  /** An attempt that failed, and that another one may follow. */
  static SendResult failed(@Nullable Integer status, String error) {
    return new SendResult(status, error, false, false, Duration.ZERO);
  }

  public boolean isAccepted() {
    return error == null;
  }
}
