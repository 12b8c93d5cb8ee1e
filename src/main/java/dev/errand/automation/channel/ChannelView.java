package dev.errand.automation.channel;

import com.fasterxml.jackson.annotation.JsonInclude;
import dev.errand.base.secret.PlainSecret;
import io.quarkus.runtime.annotations.RegisterForReflection;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * A channel as clients see it.
 *
 * @param to the e-mail address; only its domain for users who may not change channels
 * @param url the address of any other kind; only its server for users who may not change channels
 * @param secret what signs events, in the one answer that generated it
 * @param secretHint the end of its secret or token, for users who may change channels
 * @param confirmed whether the recipient confirmed the address; true for other kinds than e-mail
 * @param confirmation how the recipient was asked to confirm; absent where that was not done
 * @param lastError why a message was last not accepted, for users who may change channels
 */
@RegisterForReflection
@JsonInclude(JsonInclude.Include.NON_NULL)
public record ChannelView(
    String name,
    String kind,
    @Nullable String to,
    @Nullable String url,
    @Nullable String secret,
    @Nullable String secretHint,
    boolean confirmed,
    @Nullable Confirmation confirmation,
    @Nullable LastError lastError,
    boolean enabled,
    @JsonInclude(JsonInclude.Include.ALWAYS) @Nullable Instant disabledAt,
    Instant createdAt,
    Instant modifiedAt) {

  /**
   * The question to the recipient.
   *
   * @param expiresAt until when its link can be used
   * @param error why the message was not sent, in the answer to the request that tried to
   */
  @RegisterForReflection
  @JsonInclude(JsonInclude.Include.NON_NULL)
  public record Confirmation(Instant sentAt, Instant expiresAt, @Nullable String error) {}

  /**
   * A message that was not accepted.
   *
   * @param message why, a sentence
   */
  @RegisterForReflection
  public record LastError(Instant at, String message) {}

  /**
   * The view of a channel.
   *
   * @param opened the channel with its address, for users who may change it; null for others
   */
  static ChannelView of(StoredChannel channel, @Nullable Channel opened) {
    String address = opened == null ? channel.addressHint() : opened.address();
    boolean isMail = channel.kind() == ChannelKind.EMAIL;
    Instant asked = channel.confirmedAt() == null ? channel.confirmationSentAt() : null;
    return new ChannelView(
        channel.name(),
        channel.kind().code(),
        isMail ? address : null,
        isMail ? null : address,
        null,
        opened == null ? null : hint(opened.secret()),
        channel.confirmedAt() != null,
        asked == null ? null : new Confirmation(asked, asked.plus(Confirmations.LIFE), null),
        opened == null ? null : channel.lastError(),
        channel.disabledAt() == null,
        channel.disabledAt(),
        channel.createdAt(),
        channel.modifiedAt());
  }

  private static @Nullable String hint(@Nullable String secret) {
    return secret == null ? null : new PlainSecret(secret).hint();
  }

  ChannelView withSecret(@Nullable String shown) {
    return new ChannelView(
        name,
        kind,
        to,
        url,
        shown,
        secretHint,
        confirmed,
        confirmation,
        lastError,
        enabled,
        disabledAt,
        createdAt,
        modifiedAt);
  }

  /** The same where the message that asks the recipient was not sent. */
  ChannelView withFailure(@Nullable String error) {
    return confirmation == null || error == null
        ? this
        : new ChannelView(
            name,
            kind,
            to,
            url,
            secret,
            secretHint,
            confirmed,
            new Confirmation(confirmation.sentAt(), confirmation.expiresAt(), error),
            lastError,
            enabled,
            disabledAt,
            createdAt,
            modifiedAt);
  }

  @Override
  public String toString() {
    return "ChannelView[" + name + "]";
  }
}
