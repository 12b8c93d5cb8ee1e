package dev.errand.automation.channel;

import dev.errand.base.json.Json;
import jakarta.inject.Singleton;
import java.util.LinkedHashMap;
import java.util.Map;

/** Sends messages to e-mail addresses that their recipients have confirmed. */
@Singleton
class EmailSender implements ChannelSender {
  private static final int SUBJECT = 200;

  private final Mail mail;
  private final RecipientLinks links;
  private final Json json;

  EmailSender(Mail mail, RecipientLinks links, Json json) {
    this.mail = mail;
    this.links = links;
    this.json = json;
  }

  @Override
  public ChannelKind kind() {
    return ChannelKind.EMAIL;
  }

  @Override
  public SendResult send(OpenChannel channel, ChannelMessage message, String deliveryId)
      throws InterruptedException {
    if (!channel.isConfirmed()) {
      return SendResult.failed(null, "The recipient has not confirmed the address.");
    }
    String unsubscribe = links.unsubscribe(channel);
    ShownMessage shown = ShownMessage.of(message, json);
    MailView view =
        new MailView(
            shown.title(),
            shown.lines(),
            shown.facts(),
            shown.quoted(),
            MailView.Answer.of(shown.answer()),
            shown.url(),
            "Open in Errand",
            "Errand wrote this for the channel " + ShownText.line(channel.name()) + ".",
            unsubscribe);
    Map<String, String> headers = new LinkedHashMap<>();
    headers.put("List-Unsubscribe", "<" + unsubscribe + ">");
    // RFC 8058 has it for https alone.
    if (unsubscribe.startsWith("https:")) {
      headers.put("List-Unsubscribe-Post", "List-Unsubscribe=One-Click");
    }
    return mail.send(
            new Mail.Letter(
                deliveryId,
                channel.address(),
                ShownText.cut(shown.title(), SUBJECT, text -> text),
                view.text(),
                view.html(),
                headers))
        .answer();
  }
}
