package dev.errand.automation.channel;

import dev.errand.automation.channel.ChannelKind.Credential;
import dev.errand.base.egress.address.MessageAddress;
import dev.errand.base.error.ApiException;
import dev.errand.base.error.InvalidFields;
import dev.errand.base.field.ApiSchema;
import dev.errand.base.field.DeclaredFields;
import dev.errand.base.field.Field;
import dev.errand.base.json.CheckedRequest;
import dev.errand.base.json.Coded;
import dev.errand.base.secret.SecretServer;
import dev.errand.base.secret.WebhookSecret;
import io.quarkus.runtime.annotations.RegisterForReflection;
import java.net.URI;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** A request for a channel. */
@RegisterForReflection
@ApiSchema(value = "ChannelRequest", answer = ChannelView.class)
public record ChannelRequest(
    @Field(required = true, codes = ChannelKind.class, schema = "ChannelKind")
        @Nullable String kind,
    @Field(
            value = "One e-mail address; only for `email`, which requires it.",
            label = "Address",
            most = 254)
        @Nullable String to,
    @Field(
            value =
                "The address of every other kind: the incoming webhook, the topic of ntfy, or the"
                    + " receiver of signed events.",
            label = "Address",
            most = 2048)
        @Nullable String url,
    @Field(
            value =
                "What signs the events of a `webhook`, `whsec_…`; absent: it stays, or one is"
                    + " generated and shown once.",
            secret = true)
        @Nullable String secret,
    @Field(
            value = "The access token of an `ntfy` topic; absent: it stays; empty: none.",
            most = 512,
            secret = true)
        @Nullable String token,
    @Field(value = "Whether messages are sent there.", defaultValue = "true")
        @Nullable Boolean enabled)
    implements CheckedRequest {
  private static final Pattern TOKEN = Pattern.compile("[!-~]{1,512}");

  @Override
  public String toString() {
    return "ChannelRequest[" + kind + "]";
  }

  @Override
  public void check() {
    InvalidFields wrong = new InvalidFields();
    DeclaredFields.check(this, wrong);
    Coded.find(ChannelKind.class, kind)
        .ifPresent(
            of -> {
              String address = wrong.read(() -> address(of), "");
              wrong.add(() -> secret(of, address, null));
            });
    wrong.refuse();
  }

  ChannelKind checkedKind() {
    return Coded.require(ChannelKind.class, "kind", kind);
  }

  boolean isEnabled() {
    return enabled == null || enabled;
  }

  /**
   * The address of a kind, checked.
   *
   * @throws ApiException that names the field which is wrong
   */
  String address(ChannelKind of) {
    InvalidFields wrong = new InvalidFields();
    if (of == ChannelKind.EMAIL) {
      wrong.add(
          () -> refuse("url", url, "is not used by this kind: name the e-mail address in to"));
      return wrong.last(this::mailAddress);
    }
    wrong.add(() -> refuse("to", to, "is only used by the kind email: name the address in url"));
    return wrong.last(() -> webAddress(of));
  }

  private String mailAddress() {
    return MailAddress.parse(to == null ? "" : to)
        .orElseThrow(
            () ->
                ApiException.invalid(
                    "to", "must be one e-mail address, such as ada@example.org, without a name"))
        .text();
  }

  private String webAddress(ChannelKind of) {
    URI uri = MessageAddress.parse("url", url);
    if (of == ChannelKind.NTFY && NtfySender.topic(uri).isEmpty()) {
      throw ApiException.invalid("url", "must name a topic, such as https://ntfy.sh/my-topic");
    }
    return uri.toString();
  }

  /**
   * The secret of a channel.
   *
   * @param value null for none
   * @param isGenerated whether it was made now, and has to be shown
   */
  record Secret(@Nullable String value, boolean isGenerated) {
    @Override
    public String toString() {
      return "Secret[…]";
    }
  }

  /**
   * The secret of a channel, checked: the given one, or what was stored for the same server.
   *
   * @param before the channel as it was; null for a new one
   * @throws ApiException that names the field which is wrong
   */
  Secret secret(ChannelKind of, String address, @Nullable OpenChannel before) {
    InvalidFields wrong = new InvalidFields();
    if (of.credential() != Credential.SECRET) {
      wrong.add(() -> refuse("secret", secret, onlyOf(Credential.SECRET)));
    }
    if (of.credential() != Credential.TOKEN) {
      wrong.add(() -> refuse("token", token, onlyOf(Credential.TOKEN)));
    }
    return wrong.last(() -> ofKind(of, address, before));
  }

  private Secret ofKind(ChannelKind of, String address, @Nullable OpenChannel before) {
    String stored = before == null || before.kind() != of ? null : before.secret();
    boolean isSameServer =
        before != null
            && stored != null
            && SecretServer.ofUrl(before.address()).equals(SecretServer.ofUrl(address));
    return switch (of.credential()) {
      case NONE -> new Secret(null, false);
      case TOKEN -> new Secret(token(stored, isSameServer), false);
      case SECRET -> {
        if (secret != null) {
          try {
            yield new Secret(WebhookSecret.parse(secret).open().value(), false);
          } catch (IllegalArgumentException e) {
            throw ApiException.invalid("secret", String.valueOf(e.getMessage()));
          }
        }
        yield isSameServer
            ? new Secret(stored, false)
            : new Secret(WebhookSecret.generate().open().value(), true);
      }
    };
  }

  private @Nullable String token(@Nullable String stored, boolean isSameServer) {
    if (token == null) {
      if (stored != null && !isSameServer) {
        throw ApiException.invalid(
            "token", "is required, since the stored one is for another server; \"\" is for none");
      }
      return stored;
    }
    if (!token.isEmpty() && !TOKEN.matcher(token).matches()) {
      throw ApiException.invalid("token", "must be 1 to 512 printable ASCII characters, or empty");
    }
    return token.isEmpty() ? null : token;
  }

  private static String onlyOf(Credential credential) {
    return "is only used by the kind " + ChannelKind.with(credential);
  }

  private static void refuse(String field, @Nullable Object given, String why) {
    if (given != null) {
      throw ApiException.invalid(field, why);
    }
  }
}
