package dev.errand.automation.notice;

import dev.errand.automation.channel.Mail;
import dev.errand.automation.channel.OwnerChannels;
import dev.errand.base.database.Sql;
import dev.errand.base.http.Tagged;
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
import java.time.Clock;
import java.util.List;
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
  private final Clock clock;

  DefaultNotice(
      Sql sql, Mail mail, OwnerChannels channels, ProfileAccess access, Audit audit, Clock clock) {
    this.sql = sql;
    this.mail = mail;
    this.channels = channels;
    this.access = access;
    this.audit = audit;
    this.clock = clock;
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
    OwnedProfile owned = access.ownedProfile(profileId);
    Notice notice = Notice.named(profileId, NAME, clock.instant());
    notice.settings =
        new NoticeSettings(
            EventKind.codes(EventKind.USUAL_OF_NOTICES),
            OwnerChannels.NAME,
            null,
            NoticeSettings.DEFAULT_ERRORS,
            null,
            List.of(),
            true);
    notice.modifiedAt = notice.createdAt;
    notice.etag = Tagged.fresh();
    notice.persistAndFlush();
    audit.record(
        owned.caller(),
        AuditAction.NOTICE_CREATED,
        NoticeService.path(owned.profile(), NAME),
        null,
        Map.of(
            "channel",
            OwnerChannels.NAME,
            "events",
            notice.settings.events(),
            "errors_in_a_row",
            notice.settings.errorsInARow()));
    channels.add(profileId);
  }
}
