package dev.errand.automation.channel;

import dev.errand.base.field.ApiSchema;
import dev.errand.base.json.Coded;

/** The kinds of channels; the lower-case name is the {@code kind} in JSON. */
@ApiSchema("ChannelKind")
public enum ChannelKind implements Coded {
  EMAIL("E-mail", Credential.NONE),
  SLACK("Slack", Credential.NONE),
  DISCORD("Discord", Credential.NONE),
  NTFY("ntfy", Credential.TOKEN),
  WEBHOOK("Signed webhook", Credential.SECRET);

  /** What the service authenticates by there; the lower-case name is the field of requests. */
  public enum Credential implements Coded {
    /** Nothing, or a part of the address. */
    NONE,
    /** One that the server issues. */
    TOKEN,
    /** What signs messages, and is generated where the request names none. */
    SECRET
  }

  private final String words;
  private final Credential credential;

  ChannelKind(String words, Credential credential) {
    this.words = words;
    this.credential = credential;
  }

  @Override
  public String words() {
    return words;
  }

  /** What the service authenticates by at channels of this kind. */
  public Credential credential() {
    return credential;
  }
}
