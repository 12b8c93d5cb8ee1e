package dev.errand.automation.callback;

import dev.errand.automation.channel.ChannelMessage;
import dev.errand.base.database.Sql;
import dev.errand.base.json.Json;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Adds deliveries of notices to the queue, lists them, and repeats them. */
@ApplicationScoped
public class NoticeDeliveries {
  private static final String ADD =
      """
      INSERT INTO callback_delivery (notice_id, channel_id, run_id, subject, event, happened_at,
        message)
      VALUES (:notice_id, :channel_id, :run_id, :subject, :event, :happened_at, :message)
      """;

  private final CallbackQueue queue;
  private final Json json;

  NoticeDeliveries(CallbackQueue queue, Json json) {
    this.queue = queue;
    this.json = json;
  }

  /**
   * Adds a delivery.
   *
   * @param within the transaction that decides on it
   * @param runId the run that it concerns; null for none
   * @param subject the name of the task or tool that it is about: messages to a channel about one
   *     are sent in the order in which what they tell happened; null where it is about several
   */
  public void add(
      Sql within,
      UUID noticeId,
      UUID channelId,
      @Nullable Long runId,
      @Nullable String subject,
      ChannelMessage message) {
    within
        .statement(ADD)
        .with("notice_id", noticeId)
        .with("channel_id", channelId)
        .with("run_id", runId)
        .with("subject", subject)
        .with("event", message.event())
        .with("happened_at", message.happenedAt())
        .with("message", json.write(message))
        .update();
  }

  /** The newest deliveries of a notice, the newest first. */
  public List<CallbackDeliveryView> newest(UUID noticeId) {
    return queue.newestOfNotice(noticeId);
  }

  /** Makes a delivery due again at once, unless an attempt is running. */
  public void again(UUID deliveryId) {
    queue.again(deliveryId);
  }
}
