package dev.errand.base.limit;

import com.google.re2j.Pattern;
import com.google.re2j.PatternSyntaxException;

/**
 * A regular expression of a user, matched in time that is proportional to its size and to the text:
 * no text makes it backtrack. Such an expression has no lookaround and no back reference.
 */
public final class LinearPattern {
  private static final int LONGEST = 1000;
  // Repetitions are written out: a{1000} has the size 1000, and (a{1000}){1000} a million.
  private static final int LARGEST = 2000;

  private static final int CHARACTERS_IN_A_STEP = 8;
  private static final int STEPS_OF_A_CLASS = 20;
  // Each is put behind all that are there already.
  private static final int SQUARE_IN_A_STEP = 10_000;
  private static final java.util.regex.Pattern IGNORES_CASE =
      java.util.regex.Pattern.compile("\\(\\?[A-Za-z]*i");

  private final Pattern pattern;
  private final int size;

  private LinearPattern(Pattern pattern, int size) {
    this.pattern = pattern;
    this.size = size;
  }

  /**
   * Compiles a regular expression.
   *
   * @throws IllegalArgumentException that says what is wrong with it
   */
  public static LinearPattern of(String regex) {
    if (regex.length() > LONGEST) {
      throw new IllegalArgumentException("has more than " + LONGEST + " characters");
    }
    if (regex.contains("\\Q")) {
      throw new IllegalArgumentException("has \\Q, which is not supported");
    }
    long size = new Size(regex).ofAll();
    if (size > LARGEST) {
      throw new IllegalArgumentException(
          "repeats too much: its repetitions, written out, may have " + LARGEST + " parts");
    }
    try {
      return new LinearPattern(Pattern.compile(withoutUnicodeEscapes(regex)), (int) size);
    } catch (PatternSyntaxException e) {
      throw new IllegalArgumentException(
          "is not a regular expression that can be matched in linear time, which has no"
              + " lookahead, no lookbehind and no back reference: write it without them, or leave it"
              + " out: "
              + e.getMessage());
    }
  }

  /**
   * How many steps it takes at the most to compile a regular expression, of about a microsecond
   * each: classes of characters such as {@code \\p{L}} are written out as ranges, and the
   * characters of ranges one by one where the case of letters does not matter, which takes the
   * longer the more there are already.
   */
  public static long stepsToCompile(String regex) {
    long steps = 1L + regex.length() / CHARACTERS_IN_A_STEP;
    boolean mayIgnoreCase = IGNORES_CASE.matcher(regex).find();
    boolean isInClass = false;
    for (int at = 0; at < regex.length() - 1; at++) {
      char c = regex.charAt(at);
      if (c == '\\') {
        char next = regex.charAt(at + 1);
        steps += next == 'p' || next == 'P' ? STEPS_OF_A_CLASS : 0;
        at++;
      } else if (c == '[') {
        isInClass = true;
      } else if (c == ']') {
        isInClass = false;
      } else if (c == '-' && isInClass && mayIgnoreCase && at > 0) {
        long size = Math.max(0, end(regex, at) - begin(regex, at));
        steps += size + size * size / SQUARE_IN_A_STEP;
      }
    }
    return steps;
  }

  /** The character before the hyphen of a range; the first of all where that can't be told. */
  private static int begin(String regex, int hyphen) {
    if (regex.charAt(hyphen - 1) == '}') {
      int open = regex.lastIndexOf("\\x{", hyphen);
      return open < 0 ? 0 : number(regex, open + 3, hyphen - 1, 0);
    }
    return hyphen >= 6 && regex.startsWith("\\u", hyphen - 6)
        ? number(regex, hyphen - 4, hyphen, 0)
        : regex.codePointBefore(hyphen);
  }

  /** The character behind the hyphen of a range; the last of all where that can't be told. */
  private static int end(String regex, int hyphen) {
    int at = hyphen + 1;
    if (regex.startsWith("\\x{", at)) {
      return number(regex, at + 3, regex.indexOf('}', at), Character.MAX_CODE_POINT);
    }
    if (regex.startsWith("\\u", at)) {
      return number(regex, at + 2, Math.min(regex.length(), at + 6), Character.MAX_CODE_POINT);
    }
    return regex.charAt(at) == '\\' ? Character.MAX_CODE_POINT : regex.codePointAt(at);
  }

  private static int number(String regex, int from, int to, int otherwise) {
    String digits = to < from ? "" : regex.substring(from, to);
    return digits.matches("[0-9A-Fa-f]{1,6}") ? Integer.parseInt(digits, 16) : otherwise;
  }

  /** How many steps a match takes at the most. */
  public long steps(String text) {
    return (long) size * (text.length() + 1);
  }

  public boolean isFoundIn(String text) {
    return pattern.matcher(text).find();
  }

  // The engine writes a character's number in another form than JavaScript does.
  private static String withoutUnicodeEscapes(String regex) {
    StringBuilder written = new StringBuilder();
    int at = 0;
    while (at < regex.length()) {
      boolean isEscape = regex.charAt(at) == '\\';
      int end = Math.min(regex.length(), at + (isEscape ? 2 : 1));
      if (isEscape && regex.startsWith("u", at + 1) && at + 6 <= regex.length()) {
        String code = regex.substring(at + 2, at + 6);
        if (code.matches("[0-9A-Fa-f]{4}")) {
          written.append("\\x{").append(code).append('}');
          at += 6;
          continue;
        }
      }
      written.append(regex, at, end);
      at = end;
    }
    return written.toString();
  }

  /** Adds up the size of an expression, of which only groups and repetitions matter. */
  private static final class Size {
    private static final long TOO_MUCH = Integer.MAX_VALUE;

    private final String regex;
    private int at;

    Size(String regex) {
      this.regex = regex;
    }

    long ofAll() {
      long size = 0;
      while (at < regex.length()) {
        size += ofGroup();
      }
      return size;
    }

    // Up to the end of the group, which it passes.
    private long ofGroup() {
      long size = 1;
      long last = 0;
      while (at < regex.length()) {
        char c = regex.charAt(at++);
        if (c == ')') {
          break;
        }
        if (c == '{') {
          long times = repetitions();
          if (times > 0) {
            last = Math.min(TOO_MUCH, last * times);
            continue;
          }
        }
        size = Math.min(TOO_MUCH, size + last);
        last =
            switch (c) {
              case '(' -> ofGroup();
              case '[' -> ofClass();
              case '\\' -> {
                at++;
                yield 1;
              }
              default -> 1;
            };
      }
      return Math.min(TOO_MUCH, size + last);
    }

    private long ofClass() {
      // A ] that stands first, also after ^, is a member.
      int begin = at;
      while (at < regex.length()) {
        char c = regex.charAt(at++);
        if (c == '\\') {
          at++;
        } else if (c == ']' && at > begin + 1) {
          break;
        }
      }
      return 1;
    }

    /** The most repetitions of {@code {2,5}}, which it passes; 0 where the brace is a character. */
    private long repetitions() {
      int end = regex.indexOf('}', at);
      String inside = end < 0 ? "" : regex.substring(at, end);
      if (!inside.matches("[0-9]{1,4}(,[0-9]{0,4})?")) {
        return 0;
      }
      at = end + 1;
      int comma = inside.indexOf(',');
      String least = comma < 0 ? inside : inside.substring(0, comma);
      String most = comma < 0 || comma == inside.length() - 1 ? least : inside.substring(comma + 1);
      return Math.max(1, Math.max(Long.parseLong(least), Long.parseLong(most)));
    }
  }
}
