package dev.errand.adapters.console.notice;

import dev.errand.adapters.console.page.Choice;
import dev.errand.adapters.console.page.SentForm;
import dev.errand.adapters.console.page.Texts;
import dev.errand.automation.channel.ChannelKind;
import dev.errand.automation.channel.ChannelRequest;
import dev.errand.automation.channel.ChannelView;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The form that creates or changes a channel.
 *
 * @param channel the channel as it is; null for a new one
 * @param sent its fields, as they were sent or as the unchanged form sends them
 * @param message why it was refused; null where it was not
 */
public record ChannelForm(@Nullable ChannelView channel, SentForm sent, @Nullable String message) {
  /** The field with the task for which a notice is made next. */
  static final String TASK = "task";

  /**
   * The form of a new channel.
   *
   * @param task the task for which a notice is made next; empty for none
   */
  static ChannelForm empty(String task) {
    return new ChannelForm(
        null, SentForm.of(Map.of("kind", ChannelKind.EMAIL.code(), TASK, task)), null);
  }

  /** The form of a channel as it is. */
  static ChannelForm of(ChannelView channel) {
    String to = channel.to() == null ? channel.url() : channel.to();
    return new ChannelForm(
        channel,
        SentForm.of(Map.of("kind", channel.kind(), "address", to == null ? "" : to)),
        null);
  }

  /** The same with what is wrong with it. */
  ChannelForm refused(String why) {
    return new ChannelForm(channel, sent, why);
  }

  /** Whether it creates a channel. */
  public boolean isNew() {
    return channel == null;
  }

  /** The name of the channel; for a new one, as far as it has been entered. */
  public String name() {
    return channel == null ? sent.line("name") : channel.name();
  }

  /** The end of the secret or token that the channel has; null for none. */
  public @Nullable String hint() {
    return channel == null ? null : channel.secretHint();
  }

  /** The kinds to choose from. */
  public List<Choice> kinds() {
    return Stream.of(ChannelKind.values())
        .map(kind -> new Choice(kind.code(), kind.words(), kind.code().equals(sent.line("kind"))))
        .toList();
  }

  /** The request of the form: the fields of other kinds do not count. */
  ChannelRequest request() {
    String kind = sent.line("kind");
    String address = sent.line("address");
    boolean isMail = kind.equals(ChannelKind.EMAIL.code());
    return new ChannelRequest(
        kind,
        isMail ? address : null,
        isMail ? null : address,
        kind.equals(ChannelKind.WEBHOOK.code()) ? Texts.givenOrNull(sent.line("secret")) : null,
        kind.equals(ChannelKind.NTFY.code()) ? token() : null,
        channel == null || channel.enabled());
  }

  private @Nullable String token() {
    return sent.has("no_token") ? "" : Texts.givenOrNull(sent.line("token"));
  }

  /** The request that switches a channel on or off, and changes nothing else. */
  static ChannelRequest enabled(ChannelView channel, boolean enabled) {
    return new ChannelRequest(channel.kind(), channel.to(), channel.url(), null, null, enabled);
  }

  @Override
  public String toString() {
    return "ChannelForm" + sent;
  }
}
