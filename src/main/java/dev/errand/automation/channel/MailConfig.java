package dev.errand.automation.channel;

import dev.errand.base.config.MoreThanZero;
import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithConverter;
import io.smallrye.config.WithDefault;
import java.time.Duration;
import java.util.Optional;

/** E-mail to channels; {@code quarkus.mailer.*} names the SMTP server. */
@ConfigMapping(prefix = "errand.mail")
public interface MailConfig {

  /**
   * The address that messages come from, such as {@code errand@example.org}; without it, no e-mail
   * is sent and channels of the kind {@code email} are refused. It needs {@code errand.url}, the
   * address in the links of e-mail.
   */
  Optional<String> from();

  /** The longest time that the SMTP server may take to accept a message. */
  @WithDefault("PT60S")
  @WithConverter(MoreThanZero.class)
  Duration timeout();
}
