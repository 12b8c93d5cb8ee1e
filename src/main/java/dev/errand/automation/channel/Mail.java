package dev.errand.automation.channel;

import dev.errand.base.http.PublicUrl;
import dev.errand.base.json.Durations;
import io.quarkus.mailer.SentMail;
import io.quarkus.mailer.runtime.MailerRuntimeConfig;
import io.quarkus.mailer.runtime.MailerSupport;
import io.quarkus.mailer.runtime.Mailers;
import io.quarkus.mailer.runtime.MailersRuntimeConfig;
import io.quarkus.runtime.LaunchMode;
import io.quarkus.runtime.Startup;
import io.quarkus.runtime.configuration.ConfigurationException;
import io.quarkus.tls.TlsConfigurationRegistry;
import io.vertx.core.AbstractVerticle;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.ext.mail.MailMessage;
import io.vertx.ext.mail.SMTPException;
import jakarta.enterprise.event.Event;
import jakarta.inject.Singleton;
import java.net.ConnectException;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Semaphore;
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
  /** What an operator has to do before e-mail can be sent. */
  static final String OFF =
      "This service sends no e-mail: its operator has to set ERRAND_URL, ERRAND_MAIL_FROM and the"
          + " SMTP server, QUARKUS_MAILER_HOST.";

  // The rest of a server's answer often repeats the address of the recipient.
  private static final Pattern ENHANCED = Pattern.compile("\\b[245]\\.[0-9]{1,3}\\.[0-9]{1,3}\\b");
  private static final int ACCEPTED = 250;
  // It rejects this message, while its other refusals may pass.
  private static final int FIRST_REJECTION = 550;
  private static final int LAST_REJECTION = 559;
  private static final Duration LONGEST_WAIT = Duration.ofSeconds(10);

  private final Vertx vertx;
  private final MailersRuntimeConfig settings;
  private final TlsConfigurationRegistry tls;
  private final Event<SentMail> events;
  private final Optional<MailAddress> from;
  private final Duration timeout;
  private final Optional<String> bounces;
  // Whether the mailer of Quarkus shows messages instead, or sends them to some recipients alone.
  private final boolean isTrial;
  // As many as the operator allows connections. What waits for one is not handed over yet.
  private final Semaphore slots;

  Mail(
      Vertx vertx,
      MailersRuntimeConfig settings,
      TlsConfigurationRegistry tls,
      Event<SentMail> events,
      MailConfig config,
      PublicUrl url) {
    this.vertx = vertx;
    this.settings = settings;
    this.tls = tls;
    this.events = events;
    this.from = config.from().filter(text -> !text.isBlank()).map(Mail::address);
    this.timeout = config.timeout();
    MailerRuntimeConfig mailer =
        Objects.requireNonNull(
            settings.mailers().get(Mailers.DEFAULT_MAILER_NAME), "The default mailer");
    this.bounces = mailer.bounceAddress();
    this.isTrial =
        mailer.mock().orElse(LaunchMode.current().isDevOrTest())
            || mailer.approvedRecipients().isPresent();
    this.slots = new Semaphore(mailer.maxPoolSize());
    if (from.isPresent()) {
      if (url.configured().isEmpty()) {
        throw new ConfigurationException(
            "errand.mail.from needs errand.url, the address in the links of e-mail: set ERRAND_URL,"
                + " such as https://errand.example.com.");
      }
      mailers().stop();
    }
  }

  private Mailers mailers() {
    return new Mailers(
        vertx,
        io.vertx.mutiny.core.Vertx.newInstance(vertx),
        settings,
        LaunchMode.current(),
        new MailerSupport(true, Set.of()),
        tls,
        events);
  }

  private static MailAddress address(String text) {
    return MailAddress.parse(text.strip())
        .orElseThrow(
            () ->
                new ConfigurationException(
                    "errand.mail.from must be one e-mail address, such as errand@example.org."));
  }

  /** Whether the operator has set up e-mail, and with it the address in its links. */
  public boolean isConfigured() {
    return from.isPresent();
  }

  /** The longest time that {@link #send} takes. */
  Duration longest() {
    return LONGEST_WAIT.plus(timeout);
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

  /**
   * How an attempt ended.
   *
   * @param isNotSent whether the message surely was not sent
   */
  record Result(SendResult answer, boolean isNotSent) {}

  /**
   * The sending of one message by a client of its own. All that it has opened is closed when it is
   * undeployed, in whatever state: the client alone would wait for ever for a server that says
   * nothing, and would send what queues in it later.
   */
  private final class Sending extends AbstractVerticle {
    private final MailMessage message;
    private final CompletableFuture<@Nullable Void> sent;
    private @Nullable Mailers mailers;

    Sending(MailMessage message, CompletableFuture<@Nullable Void> sent) {
      this.message = message;
      this.sent = sent;
    }

    @Override
    public void start() {
      Mailers started = mailers();
      mailers = started;
      if (isTrial) {
        var _ =
            started
                .reactiveMailerFromName(Mailers.DEFAULT_MAILER_NAME)
                .send(ofQuarkus(message))
                .subscribe()
                .with(sent::complete, sent::completeExceptionally);
      } else {
        // The mailer of Quarkus would add a header field Cc that is empty, which RFC 5322 forbids.
        var _ =
            started
                .mailClientFromName(Mailers.DEFAULT_MAILER_NAME)
                .sendMail(message)
                .onSuccess(result -> sent.complete(null))
                .onFailure(sent::completeExceptionally);
      }
    }

    @Override
    public void stop() {
      if (mailers != null) {
        mailers.stop();
      }
    }
  }

  /** Hands a message to the server, once. */
  Result send(Letter letter) throws InterruptedException {
    if (from.isEmpty()) {
      return new Result(SendResult.failed(null, OFF), true);
    }
    MailMessage message = message(letter, from.get());
    if (!slots.tryAcquire(LONGEST_WAIT.toMillis(), TimeUnit.MILLISECONDS)) {
      return new Result(
          SendResult.failed(null, "The mail server is busy: all connections to it are in use."),
          true);
    }
    CompletableFuture<@Nullable Void> sent = new CompletableFuture<>();
    Future<String> deployed =
        vertx.deployVerticle(new Sending(message, sent)).onFailure(sent::completeExceptionally);
    try {
      var _ = sent.get(timeout.toMillis(), TimeUnit.MILLISECONDS);
      return new Result(SendResult.accepted(ACCEPTED), false);
    } catch (ExecutionException e) {
      return failed(e.getCause() == null ? e : e.getCause());
    } catch (TimeoutException e) {
      return new Result(
          SendResult.failed(
              null, "The mail server did not answer within " + Durations.words(timeout) + "."),
          false);
    } finally {
      var _ = deployed.compose(vertx::undeploy).onComplete(ignored -> slots.release());
    }
  }

  private MailMessage message(Letter letter, MailAddress sender) {
    MailMessage message =
        new MailMessage()
            .setFrom("Errand <" + sender.text() + ">")
            .setTo(letter.to())
            .setSubject(letter.subject())
            .setText(letter.text())
            .setHtml(letter.html())
            .addHeader("Message-ID", "<" + letter.id() + "@" + sender.domain() + ">")
            .addHeader("Auto-Submitted", "auto-generated");
    letter.headers().forEach(message::addHeader);
    bounces.ifPresent(message::setBounceAddress);
    return message;
  }

  private static io.quarkus.mailer.Mail ofQuarkus(MailMessage message) {
    io.quarkus.mailer.Mail mail =
        io.quarkus.mailer.Mail.withText(
                message.getTo().getFirst(), message.getSubject(), message.getText())
            .setHtml(message.getHtml())
            .setFrom(message.getFrom());
    message.getHeaders().forEach(field -> mail.addHeader(field.getKey(), field.getValue()));
    return mail;
  }

  private static Result failed(Throwable cause) {
    if (cause instanceof SMTPException refused) {
      int status = refused.getReplyCode();
      Matcher enhanced = ENHANCED.matcher(String.valueOf(refused.getReplyMessage()));
      return new Result(
          new SendResult(
              status,
              "The mail server answered %d%s."
                  .formatted(status, enhanced.find() ? " " + enhanced.group() : ""),
              false,
              status >= FIRST_REJECTION && status <= LAST_REJECTION,
              Duration.ZERO),
          true);
    }
    boolean isUnreachable =
        cause instanceof ConnectException || cause instanceof UnknownHostException;
    return new Result(
        SendResult.failed(
            null,
            isUnreachable
                ? "The mail server can't be reached."
                : "The mail server did not accept the message (%s)."
                    .formatted(cause.getClass().getSimpleName())),
        isUnreachable);
  }
}
