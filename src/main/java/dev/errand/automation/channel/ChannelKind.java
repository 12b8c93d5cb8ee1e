package dev.errand.automation.channel;

import dev.errand.base.database.CodedColumn;
import dev.errand.base.field.ApiSchema;
import dev.errand.base.json.Coded;
import jakarta.persistence.Converter;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** The kinds of channels; the lower-case name is the {@code kind} in JSON. */
@ApiSchema("ChannelKind")
public enum ChannelKind implements Coded {
  EMAIL(
      "E-mail",
      "An e-mail address. Its recipient is asked first whether they want messages.",
      Credential.NONE),
  SLACK(
      "Slack",
      "The URL of an incoming webhook of Slack, or of a server that takes the same messages.",
      Credential.NONE),
  DISCORD("Discord", "The URL of a webhook of Discord.", Credential.NONE),
  NTFY("ntfy", "The URL of a topic, such as https://ntfy.sh/my-topic", Credential.TOKEN),
  WEBHOOK(
      "Signed webhook",
      "The URL of a program, which gets a signed event of Standard Webhooks.",
      Credential.SECRET);

  /** What the service authenticates by there; the lower-case name is the field of requests. */
  public enum Credential implements Coded {
    /** Nothing, or a part of the address. */
    NONE,
    /** One that the server issues. */
    TOKEN,
    /** What signs messages, and is generated where the request names none. */
    SECRET
  }

  /** How entities store it. */
  @Converter(autoApply = true)
  public static class Stored extends CodedColumn<ChannelKind> {
    public Stored() {
      super(ChannelKind.class);
    }
  }

  private final String words;
  private final String address;
  private final Credential credential;

  ChannelKind(String words, String address, Credential credential) {
    this.words = words;
    this.address = address;
    this.credential = credential;
  }

  @Override
  public String words() {
    return words;
  }

  /** What the address of a channel of this kind is, a sentence for its form. */
  public String address() {
    return address;
  }

  /** The codes of the kinds that authenticate so, in a sentence. */
  static String with(Credential credential) {
    return Stream.of(values())
        .filter(kind -> kind.credential == credential)
        .map(ChannelKind::code)
        .collect(Collectors.joining(" and "));
  }

  /** What the service authenticates by at channels of this kind. */
  public Credential credential() {
    return credential;
  }
}
