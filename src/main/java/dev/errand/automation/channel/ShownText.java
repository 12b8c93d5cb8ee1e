package dev.errand.automation.channel;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.ToIntFunction;
import java.util.function.UnaryOperator;
import java.util.regex.Pattern;

/**
 * Makes texts that anybody may have written fit to be shown in messages: programs that show
 * messages make links of what looks like an address, so that is broken by brackets, as in {@code
 * https[:]//example[.]org}; characters that are invisible or change the direction of a text are
 * shown by their number, or left out where they show nothing.
 */
final class ShownText {
  private static final Pattern LINE_END = Pattern.compile("\\r\\n?|[\\u0085\\u2028\\u2029]");
  private static final Pattern SCHEME = Pattern.compile("(?<=[A-Za-z0-9+.-]):(?=/|\\\\)");
  private static final Pattern DIALLED =
      Pattern.compile("(?<=\\b(?:mailto|tel|sms)):", Pattern.CASE_INSENSITIVE);
  // Whatever is read as a dot in the names of hosts (UTS #46), with marks and joiners of any
  // script.
  private static final Pattern DOMAIN =
      Pattern.compile(
          "(?<=[\\p{L}\\p{M}\\p{N}\\p{So}\u200C\u200D-])[.\u2024\u3002\uFE52\uFF0E\uFF61]"
              + "(?=[\\p{M}\u200C\u200D]*\\p{L}[\\p{M}\u200C\u200D]*\\p{L})");
  private static final String REST = "…";

  private ShownText() {}

  /** A text of several lines. */
  static String of(String text) {
    return unlinked(visible(text));
  }

  /** A text of several lines whose addresses stay what they are. */
  static String visible(String text) {
    StringBuilder clean = new StringBuilder(text.length());
    LINE_END.matcher(text).replaceAll("\n").codePoints().forEach(point -> append(clean, point));
    return clean.toString();
  }

  /** A text in one line. */
  static String line(String text) {
    return of(text).replaceAll("\\s+", " ").strip();
  }

  private static void append(StringBuilder clean, int point) {
    if (point == '\n' || point == '\t') {
      clean.append((char) point);
      return;
    }
    switch (Character.getType(point)) {
      case Character.CONTROL -> clean.append(number(point));
      case Character.SURROGATE -> clean.append('\uFFFD');
      case Character.FORMAT -> {
        if (isDirection(point)) {
          clean.append(number(point));
        } else if (point == 0x200C || point == 0x200D) {
          // Scripts and emoji need these.
          clean.appendCodePoint(point);
        }
      }
      default -> clean.appendCodePoint(point);
    }
  }

  private static boolean isDirection(int point) {
    return point == 0x061C
        || point == 0x200E
        || point == 0x200F
        || (point >= 0x202A && point <= 0x202E)
        || (point >= 0x2066 && point <= 0x2069);
  }

  private static String number(int point) {
    return String.format(Locale.ROOT, "[U+%04X]", point);
  }

  private static String unlinked(String text) {
    String broken = SCHEME.matcher(text).replaceAll("[:]");
    broken = DIALLED.matcher(broken).replaceAll("[:]");
    return DOMAIN.matcher(broken).replaceAll("[.]");
  }

  /**
   * As much of a text as there is room for once it is escaped; an ellipsis stands for the rest.
   *
   * @param escape what becomes of each character
   * @param size the room that an escaped text takes
   */
  static String cut(
      String text, int most, UnaryOperator<String> escape, ToIntFunction<String> size) {
    int room = most - size.applyAsInt(REST);
    StringBuilder cut = new StringBuilder();
    int used = 0;
    // Where the ellipsis goes if the rest has no room.
    int end = 0;
    for (int point : text.codePoints().toArray()) {
      String piece = escape.apply(Character.toString(point));
      used += size.applyAsInt(piece);
      if (used > most) {
        cut.setLength(end);
        return cut + REST;
      }
      cut.append(piece);
      if (used <= room) {
        end = cut.length();
      }
    }
    return cut.toString();
  }

  /** A text in parts of at most so many characters, which end with lines where they can. */
  static List<String> parts(String text, int most) {
    List<String> parts = new ArrayList<>();
    for (int start = 0; start < text.length(); ) {
      int end = Math.min(text.length(), start + most);
      if (end < text.length()) {
        int line = text.lastIndexOf('\n', end);
        if (line > start) {
          end = line;
        } else if (Character.isHighSurrogate(text.charAt(end - 1))) {
          end--;
        }
      }
      String part = text.substring(start, end).strip();
      if (!part.isEmpty()) {
        parts.add(part);
      }
      start = end;
    }
    return parts;
  }

  static String cut(String text, int most, UnaryOperator<String> escape) {
    return cut(text, most, escape, String::length);
  }
}
