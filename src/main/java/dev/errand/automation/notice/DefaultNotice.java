package dev.errand.automation.notice;

import dev.errand.automation.channel.Mail;
import dev.errand.automation.channel.OwnerChannels;
import dev.errand.base.database.Sql;
import dev.errand.identity.audit.Audit;
import dev.errand.identity.audit.AuditAction;
import dev.errand.identity.profile.ProfileAccess;
import dev.errand.identity.profile.ProfileAccess.OwnedProfile;
import dev.errand.identity.profile.ProfileCreated;
import dev.errand.identity.user.EmailVerified;
import dev.errand.identity.user.UserCreated;
import dev.errand.runs.event.EventKind;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import java.util.Map;
import java.util.UUID;

/**
 * The notice that each new profile has where the operator has set up e-mail: its owner hears of
 * failures that go on, of schedules that paused themselves, of connections that no longer work and
 * of tool calls that wait for a person.
 */
@ApplicationScoped
class DefaultNotice {
  private static final String NAME = "failures";

  private static final String ADD =
      """
      INSERT INTO notice (id, profile_id, name, events, channel, errors_in_a_row, include, enabled)
      VALUES (:id, :profile_id, :name, :events, :channel, :errors_in_a_row, '{}', true)
      """;

  // An address may be verified only after its user was created.
  private static final String WITHOUT_CHANNEL =
      """
      SELECT profile.id FROM profile WHERE account_id = :account_id
        AND EXISTS (SELECT FROM notice WHERE profile_id = profile.id AND channel = :channel)
      """;

  private final Sql sql;
  private final Mail mail;
  private final OwnerChannels channels;
  private final ProfileAccess access;
  private final Audit audit;

  DefaultNotice(Sql sql, Mail mail, OwnerChannels channels, ProfileAccess access, Audit audit) {
    this.sql = sql;
    this.mail = mail;
    this.channels = channels;
    this.access = access;
    this.audit = audit;
  }

  void add(@Observes UserCreated created) {
    add(created.profileId());
  }

  void add(@Observes ProfileCreated created) {
    add(created.profileId());
  }

  void addChannels(@Observes EmailVerified verified) {
    sql.statement(WITHOUT_CHANNEL)
        .with("account_id", verified.accountId())
        .with("channel", OwnerChannels.NAME)
        .list(row -> row.id("id"))
        .forEach(channels::add);
  }

  private void add(UUID profileId) {
    if (!mail.isConfigured()) {
      return;
    }
    sql.statement(ADD)
        .with("id", UUID.randomUUID())
        .with("profile_id", profileId)
        .with("name", NAME)
        .with("events", "text", EventKind.USUAL_OF_NOTICES, EventKind::code)
        .with("channel", OwnerChannels.NAME)
        .with("errors_in_a_row", NoticeSettings.DEFAULT_ERRORS)
        .update();
    OwnedProfile owned = access.ownedProfile(profileId);
    audit.record(
        owned.caller(),
        AuditAction.NOTICE_CREATED,
        NoticeService.path(owned.profile(), NAME),
        null,
        Map.of(
            "channel",
            OwnerChannels.NAME,
            "events",
            EventKind.codes(EventKind.USUAL_OF_NOTICES),
            "errors_in_a_row",
            NoticeSettings.DEFAULT_ERRORS));
    channels.add(profileId);
  }
}
