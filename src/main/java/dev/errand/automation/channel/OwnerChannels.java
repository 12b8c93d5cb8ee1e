package dev.errand.automation.channel;

import dev.errand.base.database.Sql;
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
      VALUES (:id, :profile_id, :name, 'email', :address_sealed, :address_hint, :address_digest, now())
      ON CONFLICT DO NOTHING
      """;

  private final Sql sql;
  private final ChannelEditor editor;
  private final Mail mail;

  OwnerChannels(Sql sql, ChannelEditor editor, Mail mail) {
    this.sql = sql;
    this.editor = editor;
    this.mail = mail;
  }

  /**
   * Adds the channel, unless the profile has one of its name, the service sends no e-mail, or the
   * owner has no verified address.
   */
  @Transactional(Transactional.TxType.MANDATORY)
  public void add(UUID profileId) {
    if (mail.isConfigured()) {
      sql.statement(ADDRESS)
          .with("profile_id", profileId)
          .first(row -> row.text("email"))
          .ifPresent(address -> add(profileId, address));
    }
  }

  private void add(UUID profileId, String address) {
    UUID id = UUID.randomUUID();
    sql.statement(ADD)
        .with("id", id)
        .with("profile_id", profileId)
        .with("name", NAME)
        .with("address_sealed", editor.sealed(address, StoredChannel.addressContext(id)))
        .with("address_hint", ChannelEditor.hint(Channel.Kind.EMAIL, address))
        .with("address_digest", editor.digest(address))
        .update();
  }
}
