package dev.errand.automation.channel;

import jakarta.inject.Singleton;

/** E-mail by the SMTP server of the operator. */
@Singleton
public class Mail {
  private final MailConfig config;

  Mail(MailConfig config) {
    this.config = config;
  }

  /** Whether the operator has set up e-mail. */
  public boolean isConfigured() {
    return config.from().filter(address -> !address.isBlank()).isPresent();
  }
}
