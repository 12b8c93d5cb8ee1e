package dev.errand.automation.channel;

import io.smallrye.config.ConfigMapping;
import java.util.Optional;

/** E-mail to channels; {@code quarkus.mailer.*} names the SMTP server. */
@ConfigMapping(prefix = "errand.mail")
public interface MailConfig {

  /**
   * The address that messages come from, such as {@code errand@example.org}; without it, no e-mail
   * is sent and channels of the kind {@code email} are refused.
   */
  Optional<String> from();
}
