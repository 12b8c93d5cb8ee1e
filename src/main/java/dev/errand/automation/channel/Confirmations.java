package dev.errand.automation.channel;

import dev.errand.automation.channel.ChannelMessage.Fact;
import dev.errand.base.database.Row;
import dev.errand.base.database.Sql;
import dev.errand.base.error.ApiException;
import dev.errand.base.error.ErrorCode;
import dev.errand.base.http.Tagged;
import dev.errand.base.secret.RandomText;
import dev.errand.base.secret.Sha256;
import dev.errand.identity.account.Caller;
import dev.errand.identity.profile.ProfileSlug;
import jakarta.inject.Singleton;
import jakarta.transaction.Transactional;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * Asks the recipients of e-mail addresses whether they want messages there, by a link that can be
 * used for a week. A user may have an address asked three times a day, and twenty in all; more
 * users together may have it asked twelve times, so that nobody floods it or uses it up for others.
 */
@Singleton
class Confirmations {
  static final Duration LIFE = Duration.ofDays(7);

  private static final Duration DAY = Duration.ofDays(1);
  private static final int MOST_OF_BOTH = 3;
  private static final int MOST_OF_ADDRESS = 12;
  private static final int MOST_OF_USER = 20;

  // Until the end of the transaction, so that requests at once count each other.
  private static final String LOCK =
      "SELECT pg_advisory_xact_lock(hashtext('errand.channel-confirmation'))";

  private static final String FORGET = "DELETE FROM channel_confirmation WHERE sent_at < :day_ago";

  private static final String COUNT =
      """
      SELECT count(*) FILTER (WHERE address_digest = :digest) AS of_address,
        min(sent_at) FILTER (WHERE address_digest = :digest) AS first_of_address,
        count(*) FILTER (WHERE asked_by = :asked_by) AS of_user,
        min(sent_at) FILTER (WHERE asked_by = :asked_by) AS first_of_user,
        count(*) FILTER (WHERE address_digest = :digest AND asked_by = :asked_by) AS of_both,
        min(sent_at) FILTER (WHERE address_digest = :digest AND asked_by = :asked_by) AS first_of_both
      FROM channel_confirmation WHERE address_digest = :digest OR asked_by = :asked_by
      """;

  private static final String ADD =
      """
      INSERT INTO channel_confirmation (id, address_digest, asked_by, sent_at)
      VALUES (:id, :digest, :asked_by, :now)
      """;

  private static final String WITHDRAW = "DELETE FROM channel_confirmation WHERE id = :id";

  private static final String ASK =
      """
      UPDATE channel SET confirmation = :code, confirmation_sent_at = :now WHERE id = :id
      """;

  private static final String ASKED =
      """
      SELECT channel.*, account.username, profile.name AS profile
      FROM channel JOIN profile ON profile.id = profile_id
      JOIN account ON account.id = profile.account_id
      WHERE confirmation = :code AND confirmation_sent_at > :week_ago
      """;

  private static final String CONFIRM =
      """
      UPDATE channel SET confirmed_at = :now, modified_at = :now
      WHERE confirmation = :code AND confirmation_sent_at > :week_ago AND confirmed_at IS NULL
      """;

  private static final String OF_CHANNEL =
      """
      SELECT channel.*, account.username, profile.name AS profile
      FROM channel JOIN profile ON profile.id = profile_id
      JOIN account ON account.id = profile.account_id
      WHERE channel.id = :id
      """;

  private static final String UNSUBSCRIBE =
      """
      UPDATE channel SET disabled_at = coalesce(disabled_at, :now), modified_at = :now,
        etag = :etag,
        confirmed_at = NULL, confirmation = NULL, confirmation_sent_at = NULL
      WHERE id = :id AND (disabled_at IS NULL OR confirmed_at IS NOT NULL)
      """;

  private final Sql sql;
  private final Mail mail;
  private final RecipientLinks links;
  private final Clock clock;

  Confirmations(Sql sql, Mail mail, RecipientLinks links, Clock clock) {
    this.sql = sql;
    this.mail = mail;
    this.links = links;
    this.clock = clock;
  }

  /**
   * A question that is to be sent.
   *
   * @param id by which it is counted
   * @param code what its link has
   */
  record Question(UUID id, String code) {
    @Override
    public String toString() {
      return "Question[" + id + "]";
    }
  }

  /** Makes a question about a channel, whose former links end. */
  @Transactional(Transactional.TxType.MANDATORY)
  Question make(UUID channelId, byte[] addressDigest, Caller caller) {
    Instant now = clock.instant();
    sql.statement(LOCK).run();
    sql.statement(FORGET).with("day_ago", now.minus(DAY)).run();
    sql.statement(COUNT)
        .with("digest", addressDigest)
        .with("asked_by", caller.id())
        .one(
            row -> {
              check(row.number("of_both"), MOST_OF_BOTH, row.timeOrNull("first_of_both"));
              check(row.number("of_address"), MOST_OF_ADDRESS, row.timeOrNull("first_of_address"));
              check(row.number("of_user"), MOST_OF_USER, row.timeOrNull("first_of_user"));
              return true;
            });
    Question question = new Question(UUID.randomUUID(), RandomText.generate());
    sql.statement(ADD)
        .with("id", question.id())
        .with("digest", addressDigest)
        .with("asked_by", caller.id())
        .with("now", now)
        .run();
    sql.statement(ASK)
        .with("code", Sha256.of(question.code()))
        .with("now", now)
        .with("id", channelId)
        .run();
    return question;
  }

  private void check(long number, int most, @Nullable Instant first) {
    if (number >= most && first != null) {
      throw ApiException.retryLater(
          ErrorCode.RATE_LIMITED,
          "A user may have a recipient asked %d times a day and ask %d times in all, and a recipient is asked %d times at the most: try again later."
              .formatted(MOST_OF_BOTH, MOST_OF_USER, MOST_OF_ADDRESS),
          Duration.between(clock.instant(), first.plus(DAY)));
    }
  }

  /** Sends a question, outside of a transaction. One that surely was not sent does not count. */
  SendResult send(Question question, OpenChannel channel, ProfileSlug profile, Caller caller)
      throws InterruptedException {
    String who = ShownText.line(caller.username());
    MailView view =
        new MailView(
            "Confirm that Errand may write to you",
            List.of(
                who
                    + " wants Errand, which runs assistants, to send notices to this address: what"
                    + " fails, and what is well again.",
                "If you want them, open the page below within 7 days. If not, do nothing: nothing"
                    + " else is sent to you."),
            List.of(
                new Fact("Profile", ShownText.line(profile.toString())),
                new Fact("Channel", ShownText.line(channel.name()))),
            List.of(),
            null,
            links.absolute(RecipientLinks.CONFIRM + question.code()),
            "Confirm",
            "Errand wrote this because " + who + " named this address.",
            null);
    Mail.Result result =
        mail.send(
            new Mail.Letter(
                question.id().toString(),
                channel.address(),
                view.title(),
                view.text(),
                view.html(),
                Map.of()));
    if (result.isNotSent()) {
      sql.statement(WITHDRAW).with("id", question.id()).run();
    }
    return result.answer();
  }

  /**
   * A channel that a recipient is asked about.
   *
   * @param profile the profile whose channel it is
   */
  record AskedChannel(ChannelSnapshot channel, ProfileSlug profile) {
    static AskedChannel of(Row row) {
      return new AskedChannel(
          row.as(ChannelSnapshot.class),
          new ProfileSlug(row.text("username"), row.text("profile")));
    }
  }

  /** The channel of a code that was sent; empty where it is unknown or has ended. */
  Optional<AskedChannel> asked(String code) {
    return sql.statement(ASKED)
        .with("code", Sha256.of(code))
        .with("week_ago", clock.instant().minus(LIFE))
        .first(AskedChannel::of);
  }

  /** Confirms an address; false where it was before, or the code is not good. */
  boolean confirm(String code) {
    Instant now = clock.instant();
    return sql.statement(CONFIRM)
            .with("code", Sha256.of(code))
            .with("now", now)
            .with("week_ago", now.minus(LIFE))
            .update()
        > 0;
  }

  Optional<AskedChannel> find(UUID channelId) {
    return sql.statement(OF_CHANNEL).with("id", channelId).first(AskedChannel::of);
  }

  /** Switches a channel off, which then needs another confirmation; false where it was off. */
  boolean unsubscribe(UUID channelId) {
    return sql.statement(UNSUBSCRIBE)
            .with("id", channelId)
            .with("etag", Tagged.fresh())
            .with("now", clock.instant())
            .update()
        > 0;
  }
}
