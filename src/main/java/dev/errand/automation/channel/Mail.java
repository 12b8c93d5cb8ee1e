package dev.errand.automation.channel;

import dev.errand.automation.channel.ChannelSender.Answer;
import io.quarkus.mailer.reactive.ReactiveMailer;
import io.quarkus.runtime.Startup;
import io.quarkus.runtime.configuration.ConfigurationException;
import io.smallrye.mutiny.Uni;
import io.vertx.core.Context;
import io.vertx.core.Vertx;
import io.vertx.ext.mail.SMTPException;
import jakarta.inject.Singleton;
import java.net.ConnectException;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * E-mail by the SMTP server of the operator. Nothing connects to it before there is something to
 * send. It is created at the start, so that a wrong configuration stops the start.
 */
@Startup
@Singleton
public class Mail {
  // The rest of a server's answer often repeats the address of the recipient.
  private static final Pattern ENHANCED = Pattern.compile("\\b[245]\\.[0-9]{1,3}\\.[0-9]{1,3}\\b");
  private static final int ACCEPTED = 250;

  private final ReactiveMailer mailer;
  // The client, where it is called on another thread than that of its connection, may miss the
  // beginning of what the server says, and waits for it for ever.
  private final Context loop;
  private final Optional<MailAddress> from;
  private final Duration timeout;

  Mail(ReactiveMailer mailer, Vertx vertx, MailConfig config, ChannelConfig channels) {
    this.mailer = mailer;
    this.loop = vertx.getOrCreateContext();
    this.from = config.from().filter(text -> !text.isBlank()).map(Mail::address);
    this.timeout = channels.timeout();
  }

  private static MailAddress address(String text) {
    return MailAddress.parse(text.strip())
        .orElseThrow(
            () ->
                new ConfigurationException(
                    "errand.mail.from must be one e-mail address, such as errand@example.org."));
  }

  /** Whether the operator has set up e-mail. */
  public boolean isConfigured() {
    return from.isPresent();
  }

  /**
   * A message to one recipient.
   *
   * @param id what its {@code Message-ID} is made of, the same at each attempt
   * @param headers further header fields
   */
  record Letter(
      String id, String to, String subject, String text, String html, Map<String, String> headers) {
    @Override
    public String toString() {
      return "Letter[" + id + "]";
    }
  }

  /** Hands a message to the server, once. */
  Answer send(Letter letter) throws InterruptedException {
    if (from.isEmpty()) {
      return Answer.failed(
          null,
          "This service sends no e-mail: the operator has to set ERRAND_MAIL_FROM and"
              + " QUARKUS_MAILER_HOST.");
    }
    MailAddress sender = from.get();
    io.quarkus.mailer.Mail mail =
        io.quarkus.mailer.Mail.withText(letter.to(), letter.subject(), letter.text())
            .setHtml(letter.html())
            .setFrom("Errand <" + sender.text() + ">")
            .addHeader("Message-ID", "<" + letter.id() + "@" + sender.domain() + ">")
            .addHeader("Auto-Submitted", "auto-generated");
    letter.headers().forEach(mail::addHeader);
    CompletableFuture<@Nullable Void> sent = new CompletableFuture<>();
    loop.runOnContext(
        ignored ->
            Uni.createFrom()
                .deferred(() -> mailer.send(mail))
                .subscribe()
                .with(sent::complete, sent::completeExceptionally));
    try {
      var _ = sent.get(timeout.toMillis(), TimeUnit.MILLISECONDS);
      return Answer.accepted(ACCEPTED);
    } catch (ExecutionException e) {
      return failed(e.getCause() == null ? e : e.getCause());
    } catch (TimeoutException e) {
      return Answer.failed(null, "The mail server did not answer within " + timeout + ".");
    }
  }

  private static Answer failed(Throwable cause) {
    if (cause instanceof SMTPException refused) {
      int status = refused.getReplyCode();
      Matcher enhanced = ENHANCED.matcher(String.valueOf(refused.getReplyMessage()));
      return Answer.failed(
          status,
          "The mail server answered %d%s."
              .formatted(status, enhanced.find() ? " " + enhanced.group() : ""));
    }
    return Answer.failed(
        null,
        cause instanceof ConnectException || cause instanceof UnknownHostException
            ? "The mail server can't be reached."
            : "The mail server did not accept the message (%s)."
                .formatted(cause.getClass().getSimpleName()));
  }
}
