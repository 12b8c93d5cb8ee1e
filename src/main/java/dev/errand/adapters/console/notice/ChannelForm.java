package dev.errand.adapters.console.notice;

import dev.errand.adapters.console.page.SentForm;
import dev.errand.adapters.console.page.SettingsForm;
import dev.errand.adapters.console.page.Texts;
import dev.errand.automation.channel.ChannelKind;
import dev.errand.automation.channel.ChannelKind.Credential;
import dev.errand.automation.channel.ChannelRequest;
import dev.errand.automation.channel.ChannelView;
import dev.errand.base.error.ApiException;
import dev.errand.base.json.Coded;
import dev.errand.base.json.Json;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * The form that creates or changes a channel.
 *
 * @param channel the channel as it is; null for a new one
 */
public record ChannelForm(@Nullable ChannelView channel, SettingsForm<ChannelRequest> form) {
  /** The field with the task for which a notice is made next. */
  static final String TASK = "task";

  private static final String KIND = "kind";
  private static final List<ChannelKind> KINDS = List.of(ChannelKind.values());
  // The others depend on it.
  private static final List<String> SHOWN = List.of(KIND);

  /**
   * The form of a new channel.
   *
   * @param task the task for which a notice is made next; empty for none
   * @param answers whether that notice sends answers: "true", or empty
   */
  static ChannelForm empty(String task, String answers) {
    Map<String, String> values =
        Map.of(KIND, ChannelKind.EMAIL.code(), TASK, task, NoticeForm.ANSWERS, answers);
    return new ChannelForm(null, SettingsForm.empty(ChannelRequest.class, SHOWN, values));
  }

  /** The form of a channel as it is. */
  static ChannelForm of(ChannelView channel, Json json) {
    String to = channel.to() == null ? channel.url() : channel.to();
    SettingsForm<ChannelRequest> form =
        SettingsForm.of(ChannelRequest.class, SHOWN, channel, channel.name(), json);
    return new ChannelForm(channel, form.sent(form.sent().with("address", to == null ? "" : to)));
  }

  /** The same as it was sent. */
  ChannelForm sent(SentForm fields) {
    return new ChannelForm(channel, form.sent(fields));
  }

  /** The same with what is wrong with it. */
  ChannelForm refused(ApiException why) {
    return new ChannelForm(channel, form.refused(why));
  }

  /** The end of the secret or token that the channel has; null for none. */
  public @Nullable String hint() {
    return channel == null ? null : channel.secretHint();
  }

  /**
   * A kind, as the form has it.
   *
   * @param mark the class of what only this kind shows, by its place from the end of the list:
   *     style sheets can tell by that which one is chosen
   */
  public record Kind(String mark, String address) {}

  /** The kinds of channels. */
  public List<Kind> kinds() {
    return KINDS.stream().map(kind -> new Kind(mark(kind), kind.address())).toList();
  }

  /** The classes of the fields that the kinds with a token have. */
  public String ofToken() {
    return marks(Credential.TOKEN);
  }

  /** The classes of the fields that the kinds with a secret have. */
  public String ofSecret() {
    return marks(Credential.SECRET);
  }

  private static String marks(Credential credential) {
    return KINDS.stream()
        .filter(kind -> kind.credential() == credential)
        .map(ChannelForm::mark)
        .collect(Collectors.joining(" "));
  }

  private static String mark(ChannelKind kind) {
    return "of-kind of-" + (KINDS.size() - KINDS.indexOf(kind));
  }

  /** The request of the form: the fields of other kinds do not count. */
  ChannelRequest request() {
    SentForm sent = form.sent();
    String kind = sent.line(KIND);
    String address = sent.line("address");
    boolean isMail = kind.equals(ChannelKind.EMAIL.code());
    Credential credential =
        Coded.find(ChannelKind.class, kind).map(ChannelKind::credential).orElse(Credential.NONE);
    return new ChannelRequest(
        kind,
        isMail ? address : null,
        isMail ? null : address,
        credential == Credential.SECRET ? Texts.givenOrNull(sent.line("secret")) : null,
        credential == Credential.TOKEN ? token(sent) : null,
        channel == null || channel.enabled());
  }

  private static @Nullable String token(SentForm sent) {
    return sent.has("no_token") ? "" : Texts.givenOrNull(sent.line("token"));
  }

  /** The request that switches a channel on or off, and changes nothing else. */
  static ChannelRequest enabled(ChannelView channel, boolean enabled) {
    return new ChannelRequest(channel.kind(), channel.to(), channel.url(), null, null, enabled);
  }
}
