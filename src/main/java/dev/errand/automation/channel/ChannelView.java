package dev.errand.automation.channel;

import com.fasterxml.jackson.annotation.JsonIgnore;
import com.fasterxml.jackson.annotation.JsonInclude;
import dev.errand.base.field.ApiSchema;
import dev.errand.base.field.Field;
import dev.errand.base.http.Tagged;
import dev.errand.base.secret.PlainSecret;
import io.quarkus.runtime.annotations.RegisterForReflection;
import jakarta.persistence.Column;
import jakarta.persistence.Embeddable;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** A channel as clients see it. */
@RegisterForReflection
@JsonInclude(JsonInclude.Include.NON_NULL)
@ApiSchema("Channel")
public record ChannelView(
    @Field String name,
    @Field(schema = "ChannelKind") String kind,
    @Field(
            "The address of `email`: whole for editors with the scope `write`; for others its"
                + " domain.")
        @Nullable String to,
    @Field(
            "The address of every other kind: whole for editors with the scope `write`; for others"
                + " its server.")
        @Nullable String url,
    @Field("The secret that was generated, in this one answer.") @Nullable String secret,
    @Field("The end of the secret or token, for editors.") @Nullable String secretHint,
    @Field("Whether the recipient confirmed the e-mail address; true for other kinds.")
        boolean confirmed,
    @Field("The message that asks the recipient.") @Nullable Confirmation confirmation,
    @Field(
            "A notice that its present address last did not accept, for editors with the scope"
                + " `write`; a later one may have been accepted.")
        @Nullable LastError lastError,
    @Field boolean enabled,
    @Field(
            "When it was switched off: by an editor, by the recipient, or because the receiver is"
                + " gone.")
        @JsonInclude(JsonInclude.Include.ALWAYS)
        @Nullable Instant disabledAt,
    @Field Instant createdAt,
    @Field Instant modifiedAt,
    @JsonIgnore long etag)
    implements Tagged {

  /** The question to the recipient. */
  @RegisterForReflection
  @JsonInclude(JsonInclude.Include.NON_NULL)
  public record Confirmation(
      @Field Instant sentAt,
      @Field("Until when its link can be used.") Instant expiresAt,
      @Field("Why it was not sent, in the answer to the request that tried to.")
          @Nullable String error) {}

  /** A message that was not accepted. */
  @Embeddable
  @RegisterForReflection
  public record LastError(
      @Column(name = "failed_at") @Field Instant at,
      @Column(name = "failure") @Field("Why, a sentence.") String message) {}

  /**
   * The view of a channel.
   *
   * @param opened the channel with its address, for users who may change it; null for others
   * @param secret the secret that was generated; null for none
   * @param failure why the message that asks the recipient was not sent; null where it was
   */
  static ChannelView of(
      ChannelSnapshot channel,
      @Nullable OpenChannel opened,
      @Nullable String secret,
      @Nullable String failure) {
    ChannelContent content = channel.content();
    String address = opened == null ? content.addressHint() : opened.address();
    boolean isMail = content.kind() == ChannelKind.EMAIL;
    Instant asked = content.confirmedAt() == null ? content.confirmationSentAt() : null;
    return new ChannelView(
        channel.name(),
        content.kind().code(),
        isMail ? address : null,
        isMail ? null : address,
        secret,
        opened == null ? null : hint(opened.secret()),
        content.confirmedAt() != null,
        asked == null ? null : new Confirmation(asked, asked.plus(Confirmations.LIFE), failure),
        opened == null ? null : content.lastError(),
        content.disabledAt() == null,
        content.disabledAt(),
        channel.createdAt(),
        content.modifiedAt(),
        channel.etag());
  }

  private static @Nullable String hint(@Nullable String secret) {
    return secret == null ? null : new PlainSecret(secret).hint();
  }

  @Override
  public String toString() {
    return "ChannelView[" + name + "]";
  }
}
