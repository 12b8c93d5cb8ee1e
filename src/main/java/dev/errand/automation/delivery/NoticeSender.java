package dev.errand.automation.delivery;

import dev.errand.automation.channel.ChannelMessage;
import dev.errand.automation.channel.ChannelSenders;
import dev.errand.automation.channel.Channels;
import dev.errand.automation.channel.OpenChannel;
import dev.errand.automation.channel.RecipientService;
import dev.errand.automation.channel.RunAnswer;
import dev.errand.automation.channel.SendResult;
import dev.errand.automation.delivery.DeliveryObserver.AttemptOutcome;
import dev.errand.base.database.Sql;
import dev.errand.base.json.Json;
import dev.errand.runs.event.EventKind;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.transaction.Transactional;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** Sends one attempt of a notice to its channel, by the sender of the channel's kind. */
@ApplicationScoped
class NoticeSender {
  // Read when it is sent, so that it is stored with the run alone, and gone with it.
  private static final String ANSWER =
      """
      SELECT left(output, :most) AS output, coalesce(has_result, false) AS has_result
      FROM run WHERE id = :id AND output IS NOT NULL
      """;

  private final Channels channels;
  private final ChannelSenders senders;
  private final Json json;
  private final DeliveryObserver observer;
  private final DeliveryQueue queue;
  private final RecipientService recipients;
  private final Sql sql;

  NoticeSender(
      Channels channels,
      ChannelSenders senders,
      Json json,
      DeliveryObserver observer,
      DeliveryQueue queue,
      RecipientService recipients,
      Sql sql) {
    this.sql = sql;
    this.channels = channels;
    this.queue = queue;
    this.recipients = recipients;
    this.senders = senders;
    this.json = json;
    this.observer = observer;
  }

  /** The longest time that an attempt takes. */
  Duration longest() {
    return senders.longest();
  }

  /** Sends the message, if the channel may be sent to now. */
  AttemptResult deliver(DueNotice due) throws InterruptedException {
    if (due.isOff()) {
      return unaddressed("The channel is switched off.");
    }
    OpenChannel channel = channels.open(due.channelId()).orElse(null);
    if (channel == null) {
      return unaddressed("The channel was removed.");
    }
    if (!channel.isConfirmed()) {
      return unaddressed("The recipient has not confirmed the address of the channel.");
    }
    try (DeliveryObserver.Observation observation =
        observer.beginNotice(channel.kind(), due.traceparent())) {
      AttemptResult result = send(due, channel);
      observation.ended(result.outcome(), result.status());
      return result;
    }
  }

  /**
   * Notes that an attempt failed, and switches the channel off where its receiver wants no more;
   * returns whether it did.
   */
  @Transactional
  boolean failed(DueNotice due, AttemptResult result) {
    String why = result.error();
    if (why != null && result.outcome() != AttemptOutcome.UNADDRESSED) {
      channels.noteFailure(due.channelId(), due.address(), why);
    }
    boolean isOff = result.outcome() == AttemptOutcome.UNWANTED && queue.disableChannel(due);
    if (isOff) {
      recipients.refused(due.channelId());
    }
    return isOff;
  }

  private AttemptResult send(DueNotice due, OpenChannel channel) throws InterruptedException {
    ChannelMessage message = json.read(due.message(), ChannelMessage.class);
    if (message.event().equals(EventKind.RUN_READY.code())) {
      message = message.with(answer(due.runId()));
    }
    long begun = System.nanoTime();
    SendResult answer = senders.send(channel, message, due.deliveryId().toString());
    return new AttemptResult(
        outcome(answer),
        answer.status(),
        answer.error(),
        answer.isFinal(),
        Duration.ofNanos(System.nanoTime() - begun),
        answer.askedToWait());
  }

  private @Nullable RunAnswer answer(@Nullable Long runId) {
    return sql.statement(ANSWER)
        .with("id", runId)
        .with("most", RunAnswer.MOST + 1)
        .first(row -> RunAnswer.of(row.text("output"), row.flag("has_result")))
        .orElse(null);
  }

  private static AttemptOutcome outcome(SendResult answer) {
    if (answer.isAccepted()) {
      return AttemptOutcome.ACCEPTED;
    }
    if (answer.isUnwanted()) {
      return AttemptOutcome.UNWANTED;
    }
    return answer.status() == null ? AttemptOutcome.UNANSWERED : AttemptOutcome.ANSWERED_OTHERWISE;
  }

  private static AttemptResult unaddressed(String why) {
    return new AttemptResult(
        AttemptOutcome.UNADDRESSED, null, why, true, Duration.ZERO, Duration.ZERO);
  }
}
