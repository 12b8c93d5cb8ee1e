package dev.errand.automation.channel;

import dev.errand.automation.channel.ChannelMessage.Fact;
import dev.errand.base.database.Sql;
import dev.errand.base.error.ApiException;
import dev.errand.base.error.ErrorCode;
import dev.errand.base.http.PublicUrl;
import dev.errand.base.json.Json;
import dev.errand.base.limit.RateBuckets;
import dev.errand.identity.account.Caller;
import dev.errand.identity.page.PagePaths;
import dev.errand.identity.profile.Profile;
import io.quarkus.narayana.jta.QuarkusTransaction;
import jakarta.inject.Singleton;
import java.time.Clock;
import java.time.Instant;
import java.util.List;

/** Makes the messages by which people test channels, some per minute and hour. */
@Singleton
class TestMessages {
  private final PublicUrl base;
  private final Json json;
  private final ChannelConfig config;
  private final Clock clock;
  private final RateBuckets rates;
  private final HourLimits limits;
  private final Sql sql;

  TestMessages(
      PublicUrl base, Json json, ChannelConfig config, Clock clock, HourLimits limits, Sql sql) {
    this.base = base;
    this.json = json;
    this.config = config;
    this.clock = clock;
    this.rates = new RateBuckets(clock);
    this.limits = limits;
    this.sql = sql;
  }

  /**
   * A message for a channel.
   *
   * @throws ApiException {@link ErrorCode#RATE_LIMITED} where the profile has sent too many, or the
   *     hour allows no other one
   */
  ChannelMessage make(Caller caller, Profile profile, ChannelSnapshot channel) {
    RateBuckets.Use use = rates.use(profile.id().toString(), config.testsPerMinute());
    if (!use.granted()) {
      throw ApiException.retryLater(
          ErrorCode.RATE_LIMITED,
          "A profile may send %d test messages per minute: try again later."
              .formatted(config.testsPerMinute()),
          use.pause());
    }
    QuarkusTransaction.requiringNew()
        .run(
            () ->
                limits.takeTest(
                    sql, profile.id(), channel.id(), channel.content().addressDigest()));
    String url =
        base.resolve(
                PagePaths.home(profile.slug().user(), profile.name()), channel.content().baseUrl())
            .toString();
    Instant now = clock.instant();
    return new ChannelMessage(
        ChannelService.TEST,
        "Test of the channel " + channel.name(),
        now,
        now,
        null,
        caller.username() + " asked for this message, to see whether notices arrive here.",
        null,
        url,
        List.of(
            new Fact("Profile", profile.slug().toString()), new Fact("Channel", channel.name())),
        List.of(),
        json.object()
            .put("profile", profile.slug().toString())
            .put("channel", channel.name())
            .put("console_url", url));
  }
}
