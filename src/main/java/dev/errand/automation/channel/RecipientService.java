package dev.errand.automation.channel;

import dev.errand.automation.channel.Confirmations.Asked;
import dev.errand.identity.audit.Audit;
import dev.errand.identity.audit.AuditAction;
import dev.errand.identity.profile.ProfileAccess;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.transaction.Transactional;
import java.util.Optional;
import java.util.UUID;

/**
 * What recipients do, who need no account: confirm an address and switch a channel off, by the
 * links in e-mail, or switch it off by an answer.
 */
@ApplicationScoped
public class RecipientService {
  private final Confirmations confirmations;
  private final RecipientLinks links;
  private final Channels channels;
  private final ProfileAccess access;
  private final Audit audit;

  RecipientService(
      Confirmations confirmations,
      RecipientLinks links,
      Channels channels,
      ProfileAccess access,
      Audit audit) {
    this.confirmations = confirmations;
    this.links = links;
    this.channels = channels;
    this.access = access;
    this.audit = audit;
  }

  /** The channel that a recipient is asked about; empty where the code is not good any more. */
  Optional<Asked> asked(String code) {
    return confirmations.asked(code);
  }

  /** Confirms an address; empty as {@link #asked}. */
  @Transactional
  Optional<Asked> confirm(String code) {
    Optional<Asked> asked = confirmations.asked(code);
    if (asked.isPresent() && confirmations.confirm(code)) {
      record(asked.get(), AuditAction.CHANNEL_CONFIRMED);
    }
    return asked;
  }

  /** The channel whose messages have this code; empty where the code is not good. */
  Optional<Asked> written(String code) {
    return RecipientLinks.channelOf(code)
        .flatMap(confirmations::find)
        .filter(found -> links.isGood(code, channels.opened(found.channel())));
  }

  /** Switches a channel off; empty as {@link #written}. */
  @Transactional
  Optional<Asked> unsubscribe(String code) {
    Optional<Asked> found = written(code);
    if (found.isPresent() && confirmations.unsubscribe(found.get().channel().id())) {
      record(found.get(), AuditAction.CHANNEL_UNSUBSCRIBED);
    }
    return found;
  }

  /** Audits that a channel was switched off because its receiver wants no more messages. */
  @Transactional(Transactional.TxType.MANDATORY)
  public void refused(UUID channelId) {
    confirmations.find(channelId).ifPresent(found -> record(found, AuditAction.CHANNEL_REFUSED));
  }

  private void record(Asked asked, AuditAction action) {
    audit.record(
        access.ownedProfile(asked.channel().profileId()).caller(),
        action,
        ChannelService.path(asked.profile(), asked.channel().name()),
        null,
        null);
  }
}
