package dev.errand.support;

import static org.junit.jupiter.api.Assertions.assertTrue;

import jakarta.mail.BodyPart;
import jakarta.mail.MessagingException;
import jakarta.mail.Multipart;
import jakarta.mail.internet.MimeMessage;
import java.io.IOException;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Reads what a server for tests has received. */
public final class Mails {
  private Mails() {}

  /** Its subject. */
  public static String subject(MimeMessage message) {
    try {
      return message.getSubject();
    } catch (MessagingException e) {
      throw new IllegalStateException(e);
    }
  }

  /** Its part of that type, such as text/plain. */
  public static String part(MimeMessage message, String type) {
    try {
      return part((Multipart) message.getContent(), type);
    } catch (MessagingException | IOException e) {
      throw new IllegalStateException(e);
    }
  }

  private static String part(Multipart parts, String type) throws MessagingException, IOException {
    for (int i = 0; i < parts.getCount(); i++) {
      BodyPart part = parts.getBodyPart(i);
      if (part.isMimeType(type)) {
        return part.getContent().toString();
      }
      if (part.getContent() instanceof Multipart inner) {
        return part(inner, type);
      }
    }
    throw new AssertionError("There is no " + type);
  }

  /**
   * The path of the first link of its text that leads to a page for recipients.
   *
   * @param service the address of the service, with which links begin
   */
  public static String link(MimeMessage message, String service) {
    Matcher found =
        Pattern.compile(Pattern.quote(service) + "(/channels/\\S+)")
            .matcher(part(message, "text/plain"));
    assertTrue(found.find());
    return found.group(1);
  }
}
