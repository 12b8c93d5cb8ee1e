package dev.errand.automation.channel;

import dev.errand.base.database.Sql;
import dev.errand.base.http.Tagged;
import dev.errand.base.secret.Sealed;
import dev.errand.base.secret.SecretBox;
import dev.errand.identity.profile.Profile;
import dev.errand.identity.profile.ProfileStore;
import jakarta.inject.Singleton;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Stores the channels of profiles, and opens them to be sent to. */
@Singleton
public class Channels {
  private static final String ENABLED =
      "SELECT * FROM channel WHERE id = :id AND disabled_at IS NULL";

  private static final String NOTE_FAILURE =
      """
      UPDATE channel SET failed_at = now(), failure = :failure
      WHERE id = :id AND address_digest = :address
      """;

  private static final String DISABLE =
      """
      UPDATE channel SET disabled_at = now(), modified_at = now(), etag = :etag
      WHERE id = :id AND disabled_at IS NULL AND address_digest = :address
      """;

  private static final String SHOWN =
      """
      SELECT channel.name, channel.kind, channel.address_hint, account.username,
        profile.name AS profile
      FROM channel JOIN profile ON profile.id = channel.profile_id
        JOIN account ON account.id = profile.account_id
      WHERE channel.id = :id
      """;

  private static final String OF_PROFILE =
      "SELECT * FROM channel WHERE profile_id = :profile_id ORDER BY name";

  private static final String NAMED =
      "SELECT * FROM channel WHERE profile_id = :profile_id AND name = :name";

  private final Sql sql;
  private final SecretBox box;
  private final ProfileStore profiles;

  Channels(Sql sql, SecretBox box, ProfileStore profiles) {
    this.sql = sql;
    this.box = box;
    this.profiles = profiles;
  }

  /** Opens a channel to send to it; empty where it is switched off, or there is none. */
  public Optional<OpenChannel> open(UUID channelId) {
    return sql.statement(ENABLED)
        .with("id", channelId)
        .first(ChannelSnapshot.class)
        .map(this::opened);
  }

  /** What a log calls a channel; empty where there is none. */
  public Optional<String> shown(UUID channelId) {
    return sql.statement(SHOWN)
        .with("id", channelId)
        .first(
            row ->
                "the channel %s of %s/%s (%s, %s)"
                    .formatted(
                        row.text("name"),
                        row.text("username"),
                        row.text("profile"),
                        row.text("kind"),
                        row.text("address_hint")));
  }

  /**
   * Notes why a message was not accepted.
   *
   * @param address a digest of the address to which it was sent; nothing is noted of a former one
   */
  public void noteFailure(UUID channelId, byte @Nullable [] address, String why) {
    sql.statement(NOTE_FAILURE)
        .with("id", channelId)
        .with("address", address)
        .with("failure", why)
        .update();
  }

  /**
   * Switches a channel off, and returns whether it did.
   *
   * @param address a digest of the address that refuses messages; one that has another by now stays
   */
  public boolean disable(UUID channelId, byte @Nullable [] address) {
    return sql.statement(DISABLE)
            .with("id", channelId)
            .with("etag", Tagged.fresh())
            .with("address", address)
            .update()
        > 0;
  }

  OpenChannel opened(ChannelSnapshot stored) {
    ChannelContent content = stored.content();
    byte[] secret = content.secretSealed();
    return new OpenChannel(
        stored.id(),
        stored.name(),
        content.kind(),
        box.open(new Sealed(content.addressSealed()), ChannelSnapshot.addressContext(stored.id()))
            .value(),
        secret == null
            ? null
            : box.open(new Sealed(secret), ChannelSnapshot.secretContext(stored.id())).value(),
        content.confirmedAt() != null,
        content.baseUrl());
  }

  /** Makes changes of the channels of a profile wait for each other. */
  void lock(Profile profile) {
    profiles.lock(profile);
  }

  /** The channels of a profile, by name. */
  List<ChannelSnapshot> list(UUID profileId) {
    return sql.statement(OF_PROFILE).with("profile_id", profileId).list(ChannelSnapshot.class);
  }

  Optional<ChannelSnapshot> find(UUID profileId, String name) {
    return sql.statement(NAMED)
        .with("profile_id", profileId)
        .by("name", name)
        .first(ChannelSnapshot.class);
  }
}
