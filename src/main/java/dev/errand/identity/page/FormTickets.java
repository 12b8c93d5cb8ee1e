package dev.errand.identity.page;

import dev.errand.base.error.ApiException;
import dev.errand.base.error.ErrorCode;
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
import org.jspecify.annotations.Nullable;

/**
 * Protects forms against cross-site request forgery: the ticket in a form is valid for one session
 * and one kind of form, for a limited time, in every process. Several tabs do not disturb each
 * other.
 */
@ApplicationScoped
public class FormTickets {
  // On any page.
  private static final String OWN = "own";

  private static final Duration OWN_LIFE = Duration.ofHours(12);
  private static final String PURPOSE = "form-ticket";
  private static final Pattern FORM = Pattern.compile("([0-9]{1,12})\\.([A-Za-z0-9_-]{43})");

  private final SecretBox secrets;
  private final Clock clock;

  FormTickets(SecretBox secrets, Clock clock) {
    this.secrets = secrets;
    this.clock = clock;
  }

  /** A ticket for the service's own forms, which people may leave open for half a day. */
  public String makeOwn(SessionCredential session) {
    return make(session, OWN, OWN_LIFE);
  }

  /**
   * A ticket for a form.
   *
   * @param form what the form is for, which the ticket is bound to
   */
  public String make(SessionCredential session, String form, Duration life) {
    long end = clock.instant().plus(life).getEpochSecond();
    byte[] key = secrets.derived(PURPOSE).getFirst();
    return end
        + "."
        + Base64.getUrlEncoder().withoutPadding().encodeToString(sign(key, end, session, form));
  }

  /** Whether a ticket is valid for this session and form now. */
  public boolean isGood(@Nullable String ticket, SessionCredential session, String form) {
    Matcher parts = FORM.matcher(ticket == null ? "" : ticket);
    if (!parts.matches()) {
      return false;
    }
    long end = Long.parseLong(parts.group(1));
    byte[] given = Base64.getUrlDecoder().decode(parts.group(2));
    boolean found = false;
    for (byte[] key : secrets.derived(PURPOSE)) {
      found |= MessageDigest.isEqual(sign(key, end, session, form), given);
    }
    return found && clock.instant().getEpochSecond() < end;
  }

  /**
   * Checks the ticket of one of the service's own forms.
   *
   * @throws ApiException {@link ErrorCode#FORBIDDEN} where it is not valid
   */
  public void checkOwn(@Nullable String ticket, SessionCredential session) {
    if (!isGood(ticket, session, OWN)) {
      throw new ApiException(
          ErrorCode.FORBIDDEN,
          "This form has expired, or this service did not create it for you: go back, reload the page"
              + " and send the form again.");
    }
  }

  private static byte[] sign(byte[] key, long end, SessionCredential session, String form) {
    String text = end + "\n" + HexFormat.of().formatHex(session.tokenHash()) + "\n" + form;
    return Hmac.sha256(key, text.getBytes(StandardCharsets.UTF_8));
  }
}
