package dev.errand.automation.channel;

import dev.errand.automation.channel.ChannelMessage.Fact;
import dev.errand.base.json.Durations;
import dev.errand.identity.user.InvitationMail;
import jakarta.inject.Singleton;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;

/** Sends invitations by e-mail. */
@Singleton
class InvitationLetters implements InvitationMail {
  private final Mail mail;

  InvitationLetters(Mail mail) {
    this.mail = mail;
  }

  @Override
  public Optional<Sent> send(Invitation invitation) throws InterruptedException {
    if (!mail.isConfigured()) {
      return Optional.empty();
    }
    String by = ShownText.line(invitation.by());
    MailView view =
        new MailView(
            by + " invites you to Errand",
            List.of(
                by + " has made you a user of Errand, which runs assistants without you.",
                "Open the page below within %s and choose a password. It works once."
                    .formatted(Durations.words(invitation.life()))),
            List.of(new Fact("Your username", ShownText.line(invitation.username()))),
            List.of(),
            null,
            invitation.link().toString(),
            "Choose a password",
            "Errand wrote this because " + by + " named this address.",
            null);
    SendResult result =
        mail.send(
                new Mail.Letter(
                    UUID.randomUUID().toString(),
                    invitation.email(),
                    view.title(),
                    view.text(),
                    view.html(),
                    Map.of()))
            .answer();
    return Optional.of(new Sent(result.isAccepted(), result.error()));
  }
}
