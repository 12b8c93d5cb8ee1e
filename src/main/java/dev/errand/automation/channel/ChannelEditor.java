package dev.errand.automation.channel;

import dev.errand.automation.channel.ChannelRequest.Secret;
import dev.errand.base.database.Sql;
import dev.errand.base.egress.address.EgressPolicy;
import dev.errand.base.egress.address.MessageAddress;
import dev.errand.base.error.ApiException;
import dev.errand.base.error.ErrorCode;
import dev.errand.base.error.InvalidFields;
import dev.errand.base.field.NameRule;
import dev.errand.base.http.Precondition;
import dev.errand.base.http.Tagged;
import dev.errand.base.secret.Hmac;
import dev.errand.base.secret.PlainSecret;
import dev.errand.base.secret.SecretBox;
import dev.errand.identity.account.Caller;
import dev.errand.identity.profile.Profile;
import jakarta.inject.Singleton;
import jakarta.transaction.Transactional;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Creates and replaces channels by requests, which it checks. */
@Singleton
class ChannelEditor {
  private static final String DIGEST = "channel-address";

  private static final String IS_OWN =
      """
      SELECT id FROM account WHERE id = :id AND email_verified AND disabled_at IS NULL
        AND lower(email) = lower(:address)
      """;

  private final Channels channels;
  private final SecretBox box;
  private final EgressPolicy egress;
  private final Mail mail;
  private final Sql sql;
  private final ChannelConfig config;
  private final Clock clock;
  private final Precondition precondition;

  ChannelEditor(
      Channels channels,
      SecretBox box,
      EgressPolicy egress,
      Mail mail,
      Sql sql,
      ChannelConfig config,
      Clock clock,
      Precondition precondition) {
    this.channels = channels;
    this.box = box;
    this.egress = egress;
    this.mail = mail;
    this.sql = sql;
    this.config = config;
    this.clock = clock;
    this.precondition = precondition;
  }

  /**
   * A channel that was stored.
   *
   * @param before the channel as it was; null for a new one
   * @param secret what was generated, and has to be shown; null for nothing
   * @param isToAsk whether its recipient has to be asked
   * @param changed the secret fields that changed
   */
  record Edited(
      ChannelSnapshot channel,
      @Nullable ChannelSnapshot before,
      @Nullable String secret,
      boolean isToAsk,
      List<String> changed) {
    @Override
    public String toString() {
      return "Edited[" + channel.id() + "]";
    }
  }

  /**
   * Creates a channel, or replaces all of it but its secret. The channels of the profile are locked
   * meanwhile.
   *
   * @throws ApiException when the request is not valid, {@link ErrorCode#EGRESS_REFUSED}, {@link
   *     ErrorCode#MAIL_OFF} or {@link ErrorCode#TOO_MANY_CHANNELS}; nothing is changed then
   */
  @Transactional(Transactional.TxType.MANDATORY)
  Edited put(Caller caller, Profile profile, String name, ChannelRequest wanted, URI base) {
    InvalidFields.check(
        () -> NameRule.PLAIN.check("channel", "a channel's name is", name), wanted::check);
    ChannelKind kind = wanted.checkedKind();
    String address = wanted.address(kind);
    checkReachable(kind, address);
    channels.lock(profile);
    Channel channel = Channel.toChange(profile.id(), name).orElse(null);
    precondition.check(channel == null ? null : channel.snapshot());
    if (channel == null && Channel.count("profileId", profile.id()) >= config.most()) {
      throw new ApiException(
          ErrorCode.TOO_MANY_CHANNELS,
          "%s has %d channels, the limit set by errand.channel.most: delete some."
              .formatted(profile.slug(), config.most()));
    }
    ChannelSnapshot earlier = channel == null ? null : channel.snapshot();
    OpenChannel before = earlier == null ? null : channels.opened(earlier);
    ChannelContent known = earlier == null ? null : earlier.content();
    boolean isSame = before != null && before.kind() == kind && before.address().equals(address);
    Secret secret = wanted.secret(kind, address, before);
    boolean keepsSecret = before != null && Objects.equals(before.secret(), secret.value());
    Instant now = clock.instant();
    if (channel == null) {
      channel = Channel.named(profile.id(), name, now);
    }
    UUID id = channel.id;
    Instant confirmed =
        known != null && isSame && known.confirmedAt() != null
            ? known.confirmedAt()
            : isConfirmed(caller, profile, kind, address) ? now : null;
    Instant disabled = known == null ? null : known.disabledAt();
    channel.content =
        new ChannelContent(
            kind,
            known != null && isSame
                ? known.addressSealed()
                : sealed(address, ChannelSnapshot.addressContext(id)),
            known != null && keepsSecret
                ? known.secretSealed()
                : secret.value() == null
                    ? null
                    : sealed(secret.value(), ChannelSnapshot.secretContext(id)),
            hint(kind, address),
            known != null && isSame ? known.addressDigest() : digest(address),
            confirmed,
            isSame && known != null ? known.confirmationSentAt() : null,
            isSame && known != null ? known.lastError() : null,
            base.toString(),
            wanted.isEnabled() ? null : disabled == null ? now : disabled,
            now);
    if (!isSame) {
      channel.confirmation = null;
    }
    channel.etag = Tagged.fresh();
    channel.persistAndFlush();
    List<String> changed = new ArrayList<>();
    if (!isSame) {
      changed.add(kind == ChannelKind.EMAIL ? "to" : "url");
    }
    if (!keepsSecret && secret.value() != null) {
      changed.add(kind.credential().code());
    }
    return new Edited(
        channel.snapshot(),
        earlier,
        secret.isGenerated() ? secret.value() : null,
        confirmed == null && wanted.isEnabled() && (!isSame || disabled != null),
        changed);
  }

  // An owner who adds the own verified address needs no confirmation. If another editor adds it,
  // perhaps after the owner has switched it off, the owner is asked.
  private boolean isConfirmed(Caller caller, Profile profile, ChannelKind kind, String address) {
    if (kind != ChannelKind.EMAIL) {
      return true;
    }
    UUID owner = profile.user().id();
    return caller.id().equals(owner)
        && sql.statement(IS_OWN).with("id", owner).with("address", address).exists();
  }

  private void checkReachable(ChannelKind kind, String address) {
    if (kind == ChannelKind.EMAIL) {
      if (!mail.isConfigured()) {
        throw new ApiException(
            ErrorCode.MAIL_OFF, Mail.OFF + " Use a channel of another kind until then.");
      }
      return;
    }
    egress.require("url", URI.create(address));
  }

  static String hint(ChannelKind kind, String address) {
    return kind == ChannelKind.EMAIL
        ? address.substring(address.lastIndexOf('@') + 1)
        : MessageAddress.serverOf(address);
  }

  byte[] sealed(String text, String context) {
    return box.seal(new PlainSecret(text), context).bytes();
  }

  // Keyed, since addresses can be guessed. After a change of the master key the same address of
  // another channel is counted apart.
  byte[] digest(String address) {
    return Hmac.sha256(
        box.derived(DIGEST).getFirst(),
        address.toLowerCase(Locale.ROOT).getBytes(StandardCharsets.UTF_8));
  }
}
