package dev.errand.automation.channel;

import dev.errand.base.json.Coded;

/** The kinds of channels; the lower-case name is the {@code kind} in JSON. */
public enum ChannelKind implements Coded {
  EMAIL,
  SLACK,
  DISCORD,
  NTFY,
  WEBHOOK
}
