package dev.errand.automation.trigger;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Reads the fields of a {@code multipart/form-data} body (RFC 7578). Files are ignored, because
 * prompts cannot use them.
 */
final class Multipart {
  static final String MEDIA = "multipart/form-data";

  private static final int LONGEST_HEADER = 8 * 1024;
  private static final Pattern BOUNDARY =
      Pattern.compile(
          ";\\s*boundary\\s*=\\s*(?:\"([^\"]{1,70})\"|([^\";,\\s]{1,70}))",
          Pattern.CASE_INSENSITIVE);
  private static final Pattern DISPOSITION =
      Pattern.compile("(?im)^content-disposition\\s*:\\s*form-data\\s*;([^\\r\\n]*)");
  private static final Pattern NAME =
      Pattern.compile("(?i)(?:^|;)\\s*name\\s*=\\s*(?:\"([^\"]*)\"|([^\";\\s]+))");
  private static final Pattern FILE = Pattern.compile("(?i)(?:^|;)\\s*filename\\*?\\s*=");
  private static final Pattern TYPE = Pattern.compile("(?im)^content-type\\s*:([^\\r\\n]*)");

  private Multipart() {}

  record Field(String name, String value) {}

  /**
   * The fields of a body, in order; empty if the body does not fit its content type.
   *
   * @param contentType the whole header field
   */
  static Optional<List<Field>> fields(String contentType, byte[] body) {
    Matcher boundary = BOUNDARY.matcher(contentType);
    if (!boundary.find()) {
      return Optional.empty();
    }
    String delimiter = "\r\n--" + given(boundary);
    // One character per byte, so that values in other charsets are not damaged.
    String text = "\r\n" + new String(body, StandardCharsets.ISO_8859_1);
    List<Field> fields = new ArrayList<>();
    int at = delimiterFrom(0, delimiter, text);
    while (at >= 0) {
      int after = at + delimiter.length();
      if (text.startsWith("--", after)) {
        return Optional.of(fields);
      }
      int line = endOfLine(after, text);
      int next = delimiterFrom(line, delimiter, text);
      Optional<Part> part = next < 0 ? Optional.empty() : part(text, line, next);
      if (part.isEmpty()) {
        return Optional.empty();
      }
      part.flatMap(Part::field).ifPresent(fields::add);
      at = next;
    }
    return Optional.empty();
  }

  // Finds the next delimiter; a line that only begins with the boundary is not one.
  private static int delimiterFrom(int from, String delimiter, String text) {
    int at = text.indexOf(delimiter, from);
    while (at >= 0) {
      int after = at + delimiter.length();
      if (text.startsWith("--", after) || endOfLine(after, text) >= 0) {
        return at;
      }
      at = text.indexOf(delimiter, after);
    }
    return -1;
  }

  // The end of a line whose rest is white space; -1 if it has other characters.
  private static int endOfLine(int from, String text) {
    int at = from;
    while (at < text.length() && (text.charAt(at) == ' ' || text.charAt(at) == '\t')) {
      at++;
    }
    return text.startsWith("\r\n", at) ? at : -1;
  }

  /** A part, with one character per byte. */
  private record Part(String header, String content) {
    Optional<Field> field() {
      Matcher disposition = DISPOSITION.matcher(header);
      if (!disposition.find() || FILE.matcher(disposition.group(1)).find()) {
        return Optional.empty();
      }
      Matcher name = NAME.matcher(disposition.group(1));
      if (!name.find() || given(name).isEmpty()) {
        return Optional.empty();
      }
      Matcher type = TYPE.matcher(header);
      byte[] value = content.getBytes(StandardCharsets.ISO_8859_1);
      return Optional.of(
          new Field(
              unescaped(given(name)),
              new String(value, ContentReader.charset(type.find() ? type.group(1) : ""))));
    }

    // Decodes the characters that browsers escape in a name.
    private static String unescaped(String name) {
      return new String(name.getBytes(StandardCharsets.ISO_8859_1), StandardCharsets.UTF_8)
          .replace("%22", "\"")
          .replace("%0D", "\r")
          .replace("%0A", "\n");
    }
  }

  private static Optional<Part> part(String text, int line, int next) {
    int end = text.indexOf("\r\n\r\n", line);
    if (end < 0 || end + 4 > next + 2 || end - line > LONGEST_HEADER) {
      return Optional.empty();
    }
    return Optional.of(
        new Part(text.substring(line, end), text.substring(Math.min(end + 4, next), next)));
  }

  private static String given(Matcher either) {
    return either.group(1) == null ? either.group(2) : either.group(1);
  }
}
