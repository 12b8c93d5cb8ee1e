package dev.errand.automation.channel;

/** Sends messages to the channels of one kind. */
public interface ChannelSender {
  ChannelKind kind();

  /**
   * Makes one attempt.
   *
   * @param deliveryId the same at each attempt, by which receivers recognise repetitions
   */
  SendResult send(OpenChannel channel, ChannelMessage message, String deliveryId)
      throws InterruptedException;
}
