package dev.errand.adapters.console.notice;

import dev.errand.adapters.console.page.Mark;
import dev.errand.adapters.console.page.PageTime;
import dev.errand.automation.channel.ChannelKind;
import dev.errand.automation.channel.ChannelView;
import dev.errand.base.json.Coded;
import dev.errand.identity.page.PagePaths;
import org.jspecify.annotations.Nullable;

/**
 * A channel, for people.
 *
 * @param home the address of the home of its profile
 */
public record ChannelItem(ChannelView channel, String home) {

  /** The page of the channel. */
  public String address() {
    return PagePaths.channel(home, channel.name());
  }

  /** Its kind, in words. */
  public String kind() {
    return Coded.of(ChannelKind.class, channel.kind()).words();
  }

  /** The e-mail address or the URL; only the end of it for users who may not change it. */
  public String to() {
    String shown = channel.to() == null ? channel.url() : channel.to();
    return shown == null ? "" : shown;
  }

  /** Whether its recipient is asked to confirm the address. */
  public boolean isMail() {
    return channel.to() != null;
  }

  /** Whether its recipient has not confirmed the address. */
  public boolean isToConfirm() {
    return channel.enabled() && !channel.confirmed();
  }

  /** Its state, in a word. */
  public String state() {
    if (!channel.enabled()) {
      return "off";
    }
    return channel.confirmed() ? isMail() ? "confirmed" : "on" : "unconfirmed";
  }

  /** The mark of its state. */
  public Mark mark() {
    return !channel.enabled() ? Mark.SKIPPED : channel.confirmed() ? Mark.READY : Mark.PENDING;
  }

  /** Since when it is off; null while it is on. */
  public @Nullable PageTime off() {
    return PageTime.orNull(channel.disabledAt());
  }

  @Override
  public String toString() {
    return "ChannelItem[" + channel.name() + "]";
  }
}
