package dev.errand.automation.delivery;

import dev.errand.automation.channel.Channels;
import dev.errand.automation.delivery.DeliveryObserver.AttemptOutcome;
import dev.errand.base.egress.address.MessageAddress;
import dev.errand.base.limit.LruCache;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.UUID;
import org.jboss.logging.Logger;

/**
 * Logs which callbacks and channels do not take what is sent: once for each when it begins and when
 * it ends, not at each attempt, and each delivery that is given up. It names a receiver as those
 * see it who may not change it.
 */
@ApplicationScoped
class ReceiverLog {
  private static final Logger LOG = Logger.getLogger(ReceiverLog.class);
  private static final int MOST_FAILING = 1000;

  private final Channels channels;
  private final LruCache<UUID, Boolean> failing = new LruCache<>(MOST_FAILING);

  ReceiverLog(Channels channels) {
    this.channels = channels;
  }

  void accepted(DueDelivery due) {
    if (failing.find(target(due)).isPresent()) {
      failing.remove(target(due));
      LOG.infof("Messages arrive again at %s.", name(due));
    }
  }

  /** An attempt failed that another one follows. */
  void failed(DueDelivery due, AttemptResult result) {
    if (result.outcome() != AttemptOutcome.UNADDRESSED && failing.find(target(due)).isEmpty()) {
      failing.put(target(due), true);
      LOG.warnf(
          "A message did not arrive at %s: %s It is tried again; further attempts that fail are not"
              + " logged.",
          name(due), why(result));
    }
  }

  /** A delivery failed for good. */
  void gaveUp(DueDelivery due, AttemptResult result) {
    LOG.warnf(
        "The delivery %s to %s is given up after attempt %d: %s",
        due.deliveryId(), name(due), due.failures(), why(result));
  }

  /** A receiver wants no more. */
  void switchedOff(DueDelivery due) {
    LOG.warnf("Nothing more is sent to %s: its receiver wants no more messages.", name(due));
  }

  private static UUID target(DueDelivery due) {
    return switch (due) {
      case DueCallback callback -> callback.callbackId();
      case DueNotice notice -> notice.channelId();
    };
  }

  private String name(DueDelivery due) {
    return switch (due) {
      case DueCallback callback ->
          "the callback of the task %s/%s/%s to %s"
              .formatted(
                  callback.user(),
                  callback.profile(),
                  callback.task(),
                  MessageAddress.serverOf(callback.url()));
      case DueNotice notice ->
          channels.shown(notice.channelId()).orElse("the channel " + notice.channelId());
    };
  }

  private static String why(AttemptResult result) {
    String error = result.error();
    return error == null ? "The receiver answered " + result.status() + "." : error;
  }
}
