package dev.errand.automation.channel;

import dev.errand.automation.channel.Confirmations.AskedChannel;
import dev.errand.identity.audit.Audit;
import dev.errand.identity.audit.AuditAction;
import dev.errand.identity.profile.ProfileAccess;
import dev.errand.identity.profile.ProfileSlug;
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

  /**
   * A channel as its recipient sees it.
   *
   * @param profile the profile whose channel it is
   * @param isOff whether nothing is sent to it
   */
  public record RecipientChannel(ProfileSlug profile, boolean isConfirmed, boolean isOff) {
    static RecipientChannel of(AskedChannel asked) {
      return new RecipientChannel(
          asked.profile(),
          asked.channel().content().confirmedAt() != null,
          asked.channel().content().disabledAt() != null);
    }
  }

  /** The channel that a recipient is asked about; empty where the code is not good any more. */
  public Optional<RecipientChannel> asked(String code) {
    return confirmations.asked(code).map(RecipientChannel::of);
  }

  /** Confirms an address; empty as {@link #asked}. */
  @Transactional
  public Optional<RecipientChannel> confirm(String code) {
    Optional<AskedChannel> asked = confirmations.asked(code);
    if (asked.isPresent() && confirmations.confirm(code)) {
      record(asked.get(), AuditAction.CHANNEL_CONFIRMED);
    }
    return asked.map(RecipientChannel::of);
  }

  /** The channel whose messages have this code; empty where the code is not good. */
  public Optional<RecipientChannel> written(String code) {
    return channelOf(code).map(RecipientChannel::of);
  }

  private Optional<AskedChannel> channelOf(String code) {
    return RecipientLinks.channelOf(code)
        .flatMap(confirmations::find)
        .filter(found -> links.isGood(code, channels.opened(found.channel())));
  }

  /** Switches a channel off; empty as {@link #written}. */
  @Transactional
  public Optional<RecipientChannel> unsubscribe(String code) {
    Optional<AskedChannel> found = channelOf(code);
    if (found.isPresent() && confirmations.unsubscribe(found.get().channel().id())) {
      record(found.get(), AuditAction.CHANNEL_UNSUBSCRIBED);
    }
    return found.map(RecipientChannel::of);
  }

  /** Audits that a channel was switched off because its receiver wants no more messages. */
  @Transactional(Transactional.TxType.MANDATORY)
  public void refused(UUID channelId) {
    confirmations.find(channelId).ifPresent(found -> record(found, AuditAction.CHANNEL_REFUSED));
  }

  private void record(AskedChannel asked, AuditAction action) {
    audit.record(
        access.ownedProfile(asked.channel().profileId()).caller(),
        action,
        ChannelService.path(asked.profile(), asked.channel().name()),
        null,
        null);
  }
}
