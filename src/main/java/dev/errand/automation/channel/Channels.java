package dev.errand.automation.channel;

import dev.errand.base.database.Sql;
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

  // What recipients do by links changes the row, too.
  private static final String NAMED_TO_CHANGE = NAMED + " FOR NO KEY UPDATE";

  private static final String COUNT =
      "SELECT count(*) AS number FROM channel WHERE profile_id = :profile_id";

  private static final String PUT =
      """
      INSERT INTO channel (id, profile_id, name, kind, address_sealed, secret_sealed, address_hint,
        address_digest, confirmed_at, base_url, disabled_at, created_at, modified_at)
      VALUES (:id, :profile_id, :name, :kind, :address_sealed, :secret_sealed, :address_hint,
        :address_digest, :confirmed_at, :base_url, :disabled_at, :created_at, :modified_at)
      ON CONFLICT (id) DO UPDATE SET kind = excluded.kind,
        address_sealed = excluded.address_sealed, secret_sealed = excluded.secret_sealed,
        address_hint = excluded.address_hint, address_digest = excluded.address_digest,
        confirmed_at = excluded.confirmed_at, base_url = excluded.base_url,
        disabled_at = excluded.disabled_at, modified_at = excluded.modified_at,
        confirmation = CASE WHEN channel.address_digest = excluded.address_digest
          THEN channel.confirmation END,
        confirmation_sent_at = CASE WHEN channel.address_digest = excluded.address_digest
          THEN channel.confirmation_sent_at END,
        failed_at = CASE WHEN channel.address_digest = excluded.address_digest
          THEN channel.failed_at END,
        failure = CASE WHEN channel.address_digest = excluded.address_digest
          THEN channel.failure END
      """;

  private static final String DELETE = "DELETE FROM channel WHERE id = :id";

  private final Sql sql;
  private final SecretBox box;
  private final ProfileStore profiles;

  Channels(Sql sql, SecretBox box, ProfileStore profiles) {
    this.sql = sql;
    this.box = box;
    this.profiles = profiles;
  }

  /** Opens a channel to send to it; empty where it is switched off, or there is none. */
  public Optional<Channel> open(UUID channelId) {
    return sql.statement(ENABLED).with("id", channelId).first(StoredChannel::of).map(this::opened);
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

  Channel opened(StoredChannel stored) {
    byte[] secret = stored.secretSealed();
    return new Channel(
        stored.id(),
        stored.name(),
        stored.kind(),
        box.open(new Sealed(stored.addressSealed()), StoredChannel.addressContext(stored.id()))
            .value(),
        secret == null
            ? null
            : box.open(new Sealed(secret), StoredChannel.secretContext(stored.id())).value(),
        stored.confirmedAt() != null,
        stored.baseUrl());
  }

  /** Makes changes of the channels of a profile wait for each other. */
  void lock(Profile profile) {
    profiles.lock(profile);
  }

  /** The channels of a profile, by name. */
  List<StoredChannel> list(UUID profileId) {
    return sql.statement(OF_PROFILE).with("profile_id", profileId).list(StoredChannel::of);
  }

  Optional<StoredChannel> find(UUID profileId, String name) {
    return find(NAMED, profileId, name);
  }

  /** The channel of that name, which stays as it is until the end of the transaction. */
  Optional<StoredChannel> findToChange(UUID profileId, String name) {
    return find(NAMED_TO_CHANGE, profileId, name);
  }

  private Optional<StoredChannel> find(String statement, UUID profileId, String name) {
    return sql.statement(statement)
        .with("profile_id", profileId)
        .by("name", name)
        .first(StoredChannel::of);
  }

  long count(UUID profileId) {
    return sql.statement(COUNT).with("profile_id", profileId).one(row -> row.number("number"));
  }

  /** Stores a channel. Of another address, no confirmation is asked for any more. */
  void put(StoredChannel channel) {
    sql.statement(PUT)
        .with("id", channel.id())
        .with("profile_id", channel.profileId())
        .with("name", channel.name())
        .with("kind", channel.kind().code())
        .with("address_sealed", channel.addressSealed())
        .with("secret_sealed", channel.secretSealed())
        .with("address_hint", channel.addressHint())
        .with("address_digest", channel.addressDigest())
        .with("confirmed_at", channel.confirmedAt())
        .with("base_url", channel.baseUrl())
        .with("disabled_at", channel.disabledAt())
        .with("created_at", channel.createdAt())
        .with("modified_at", channel.modifiedAt())
        .run();
  }

  void delete(UUID channelId) {
    sql.statement(DELETE).with("id", channelId).run();
  }
}
