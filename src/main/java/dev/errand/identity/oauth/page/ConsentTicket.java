package dev.errand.identity.oauth.page;

import dev.errand.base.secret.Hmac;
import dev.errand.base.secret.SecretBox;
import dev.errand.identity.signin.SessionCredential;
import jakarta.enterprise.context.ApplicationScoped;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.time.Clock;
import java.time.Duration;
import java.util.Base64;
import java.util.HexFormat;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Protects the form of the page against cross-site request forgery: the ticket in it is good for
 * one session and one request of a client, for half an hour, in every process. Several tabs do not
 * disturb each other.
 */
@ApplicationScoped
class ConsentTicket {
  private static final String PURPOSE = "oauth-consent";
  private static final Duration LIFE = Duration.ofMinutes(30);
  private static final Pattern FORM = Pattern.compile("([0-9]{1,12})\\.([A-Za-z0-9_-]{43})");

  private final SecretBox secrets;
  private final Clock clock;

  ConsentTicket(SecretBox secrets, Clock clock) {
    this.secrets = secrets;
    this.clock = clock;
  }

  /** A ticket. */
  String make(SessionCredential session, String request) {
    long end = clock.instant().plus(LIFE).getEpochSecond();
    byte[] key = secrets.derived(PURPOSE).getFirst();
    return end
        + "."
        + Base64.getUrlEncoder().withoutPadding().encodeToString(sign(key, end, session, request));
  }

  /** Whether a ticket is good for this session and request now. */
  boolean isGood(String ticket, SessionCredential session, String request) {
    Matcher parts = FORM.matcher(ticket);
    if (!parts.matches()) {
      return false;
    }
    long end = Long.parseLong(parts.group(1));
    byte[] given = Base64.getUrlDecoder().decode(parts.group(2));
    boolean found = false;
    for (byte[] key : secrets.derived(PURPOSE)) {
      found |= MessageDigest.isEqual(sign(key, end, session, request), given);
    }
    return found && clock.instant().getEpochSecond() < end;
  }

  private static byte[] sign(byte[] key, long end, SessionCredential session, String request) {
    String text = end + "\n" + HexFormat.of().formatHex(session.tokenHash()) + "\n" + request;
    return Hmac.sha256(key, text.getBytes(StandardCharsets.UTF_8));
  }
}
