package dev.errand.automation.channel;

import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * One e-mail address, {@code local@domain} (RFC 5321) in ASCII, without a name, a comment or
 * quotes.
 */
record MailAddress(String local, String domain) {
  private static final int LONGEST = 254;
  private static final int LONGEST_LOCAL = 64;
  private static final String ATOM = "[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+";
  private static final Pattern LOCAL = Pattern.compile(ATOM + "(?:\\." + ATOM + ")*");
  private static final String LABEL = "[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?";
  private static final Pattern DOMAIN = Pattern.compile(LABEL + "(?:\\." + LABEL + ")*");

  /** Reads an address; empty where the text is none. */
  static Optional<MailAddress> parse(String text) {
    int at = text.lastIndexOf('@');
    if (at < 1 || at > LONGEST_LOCAL || text.length() > LONGEST) {
      return Optional.empty();
    }
    String local = text.substring(0, at);
    String domain = text.substring(at + 1);
    return LOCAL.matcher(local).matches() && DOMAIN.matcher(domain).matches()
        ? Optional.of(new MailAddress(local, domain.toLowerCase(Locale.ROOT)))
        : Optional.empty();
  }

  /** The address as it is written in a message. */
  String text() {
    return local + "@" + domain;
  }

  @Override
  public String toString() {
    return "MailAddress[…@" + domain + "]";
  }
}
