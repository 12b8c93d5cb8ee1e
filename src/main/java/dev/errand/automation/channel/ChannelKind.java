package dev.errand.automation.channel;

import dev.errand.base.field.ApiSchema;
import dev.errand.base.json.Coded;

/** The kinds of channels; the lower-case name is the {@code kind} in JSON. */
@ApiSchema("ChannelKind")
public enum ChannelKind implements Coded {
  EMAIL("E-mail"),
  SLACK("Slack"),
  DISCORD("Discord"),
  NTFY("ntfy"),
  WEBHOOK("Signed webhook");

  private final String words;

  ChannelKind(String words) {
    this.words = words;
  }

  @Override
  public String words() {
    return words;
  }
}
