package dev.errand.automation.channel;

import dev.errand.base.database.Sql;
import dev.errand.identity.audit.Audit;
import dev.errand.identity.audit.AuditAction;
import dev.errand.identity.profile.ProfileAccess;
import dev.errand.identity.profile.ProfileAccess.OwnedProfile;
import jakarta.inject.Singleton;
import jakarta.transaction.Transactional;
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

  private static final String ADD =
      """
      INSERT INTO channel (id, profile_id, name, kind, address_sealed, address_hint, address_digest,
        confirmed_at)
      VALUES (:id, :profile_id, :name, :kind, :address_sealed, :address_hint, :address_digest, now())
      ON CONFLICT DO NOTHING
      """;

  // Requests always leave an address of the service, so what has none was made here.
  private static final String MADE =
      """
      SELECT id FROM channel
      WHERE profile_id = :profile_id AND name = :name AND kind = :kind AND base_url IS NULL
      FOR NO KEY UPDATE
      """;

  // One that the owner has switched off stays so.
  private static final String MOVE =
      """
      UPDATE channel SET address_sealed = :address_sealed, address_hint = :address_hint,
        address_digest = :address_digest, modified_at = now()
      WHERE id = :id AND address_digest <> :address_digest
      """;

  private final Sql sql;
  private final ChannelEditor editor;
  private final Mail mail;
  private final ProfileAccess access;
  private final Audit audit;

  OwnerChannels(Sql sql, ChannelEditor editor, Mail mail, ProfileAccess access, Audit audit) {
    this.sql = sql;
    this.editor = editor;
    this.mail = mail;
    this.access = access;
    this.audit = audit;
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

  private void put(UUID profileId, String address) {
    sql.statement(MADE)
        .with("profile_id", profileId)
        .with("name", NAME)
        .with("kind", ChannelKind.EMAIL.code())
        .first(row -> row.id("id"))
        .ifPresentOrElse(id -> move(profileId, id, address), () -> add(profileId, address));
  }

  private void move(UUID profileId, UUID id, String address) {
    int moved =
        sql.statement(MOVE)
            .with("id", id)
            .with("address_sealed", editor.sealed(address, ChannelSnapshot.addressContext(id)))
            .with("address_hint", ChannelEditor.hint(ChannelKind.EMAIL, address))
            .with("address_digest", editor.digest(address))
            .update();
    record(profileId, AuditAction.CHANNEL_CHANGED, moved);
  }

  private void add(UUID profileId, String address) {
    UUID id = UUID.randomUUID();
    int added =
        sql.statement(ADD)
            .with("id", id)
            .with("profile_id", profileId)
            .with("name", NAME)
            .with("kind", ChannelKind.EMAIL.code())
            .with("address_sealed", editor.sealed(address, ChannelSnapshot.addressContext(id)))
            .with("address_hint", ChannelEditor.hint(ChannelKind.EMAIL, address))
            .with("address_digest", editor.digest(address))
            .update();
    record(profileId, AuditAction.CHANNEL_CREATED, added);
  }

  private void record(UUID profileId, AuditAction action, int channels) {
    if (channels > 0) {
      OwnedProfile owned = access.ownedProfile(profileId);
      audit.record(owned.caller(), action, ChannelService.path(owned.profile(), NAME), null, null);
    }
  }
}
