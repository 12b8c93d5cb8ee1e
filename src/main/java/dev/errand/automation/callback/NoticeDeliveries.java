package dev.errand.automation.callback;

import dev.errand.automation.channel.ChannelMessage;
import dev.errand.base.database.Sql;
import dev.errand.base.json.Json;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Adds deliveries of notices to the queue, lists them, and repeats them. */
@ApplicationScoped
public class NoticeDeliveries {
  private static final String ADD =
      """
      INSERT INTO callback_delivery (notice_id, channel_id, run_id, event, happened_at, message)
      VALUES (:notice_id, :channel_id, :run_id, :event, :happened_at, :message)
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
   */
  public void add(
      Sql within,
      UUID noticeId,
      UUID channelId,
      @Nullable Long runId,
      Instant happenedAt,
      ChannelMessage message) {
    within
        .statement(ADD)
        .with("notice_id", noticeId)
        .with("channel_id", channelId)
        .with("run_id", runId)
        .with("event", message.event())
        .with("happened_at", happenedAt)
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
