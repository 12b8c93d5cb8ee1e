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
