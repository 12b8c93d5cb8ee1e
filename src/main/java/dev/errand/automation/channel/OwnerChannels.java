package dev.errand.automation.channel;

import dev.errand.base.database.Sql;
import dev.errand.base.http.Tagged;
import dev.errand.identity.audit.Audit;
import dev.errand.identity.audit.AuditAction;
import dev.errand.identity.profile.ProfileAccess;
import dev.errand.identity.profile.ProfileAccess.OwnedProfile;
import dev.errand.identity.profile.ProfileStore;
import jakarta.inject.Singleton;
import jakarta.transaction.Transactional;
import java.time.Clock;
import java.time.Instant;
import java.util.Arrays;
import java.util.UUID;

/** Adds the channel of a profile to its owner's verified address. */
@Singleton
public class OwnerChannels {
  /** The name of the channel. */
  public static final String NAME = "owner";

  private static final String ADDRESS =
      """
      SELECT account.email FROM profile JOIN account ON account.id = profile.account_id
      WHERE profile.id = :profile_id AND account.email_verified AND account.email IS NOT NULL
      """;

  private final Sql sql;
  private final ChannelEditor editor;
  private final Mail mail;
  private final ProfileAccess access;
  private final Audit audit;
  private final Clock clock;

  OwnerChannels(
      Sql sql, ChannelEditor editor, Mail mail, ProfileAccess access, Audit audit, Clock clock) {
    this.sql = sql;
    this.editor = editor;
    this.mail = mail;
    this.access = access;
    this.audit = audit;
    this.clock = clock;
  }

  /**
   * Adds the channel, unless the service sends no e-mail, or the owner has no verified address that
   * it can write to. One that was added before gets the owner's present address; another one of its
   * name stays.
   */
  @Transactional(Transactional.TxType.MANDATORY)
  public void add(UUID profileId) {
    if (mail.isConfigured()) {
      sql.statement(ADDRESS)
          .with("profile_id", profileId)
          .first(row -> row.text("email"))
          .flatMap(MailAddress::parse)
          .ifPresent(address -> put(profileId, address.text()));
    }
  }

  // One that the owner has switched off stays so.
  private void put(UUID profileId, String address) {
    if (!ProfileStore.isLocked(sql, profileId)) {
      return;
    }
    Channel known = Channel.toChange(profileId, NAME).orElse(null);
    byte[] digest = editor.digest(address);
    // Requests always leave an address of the service, so what has none was made here.
    if (known != null
        && (known.content.kind() != ChannelKind.EMAIL
            || known.content.baseUrl() != null
            || Arrays.equals(known.content.addressDigest(), digest))) {
      return;
    }
    Instant now = clock.instant();
    Channel channel = known == null ? Channel.named(profileId, NAME, now) : known;
    ChannelContent before = channel.content;
    channel.content =
        new ChannelContent(
            ChannelKind.EMAIL,
            editor.sealed(address, ChannelSnapshot.addressContext(channel.id)),
            null,
            ChannelEditor.hint(ChannelKind.EMAIL, address),
            digest,
            before == null ? now : before.confirmedAt(),
            before == null ? null : before.confirmationSentAt(),
            before == null ? null : before.lastError(),
            null,
            before == null ? null : before.disabledAt(),
            now);
    channel.etag = Tagged.fresh();
    channel.persistAndFlush();
    OwnedProfile owned = access.ownedProfile(profileId);
    audit.record(
        owned.caller(),
        known == null ? AuditAction.CHANNEL_CREATED : AuditAction.CHANNEL_CHANGED,
        ChannelService.path(owned.profile(), NAME),
        null,
        null);
  }
}
