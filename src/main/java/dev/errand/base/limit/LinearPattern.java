package dev.errand.base.limit;

import com.google.re2j.Pattern;
import com.google.re2j.PatternSyntaxException;
import java.util.Collection;
import java.util.Objects;
import java.util.regex.Matcher;

/**
 * A regular expression of a user, matched in time that is proportional to its size and to the text:
 * no text makes it backtrack. Such an expression has no lookaround and no back reference.
 */
public final class LinearPattern {
  private static final int LONGEST = 1000;
  // Repetitions are written out: a{1000} has the size 1000, and (a{1000}){1000} a million.
  private static final int LARGEST = 2000;
  private static final int MOST_CLASSES = 20;
  private static final int MOST_IN_RANGES = 100_000;
  private static final int CHARACTERS_IN_A_STEP = 8;
  private static final int STEPS_OF_A_CLASS = 300;
  private static final int WRITTEN_IN_A_STEP = 20;

  // What the engine holds, at the most, as measured: of a pattern, of each of its parts, of a class
  // such as \PL, and of a character of a range where case is ignored.
  private static final int BYTES_OF_ALL = 2048;
  private static final int BYTES_OF_A_PART = 128;
  private static final int BYTES_OF_A_CLASS = 8192;
  private static final int BYTES_IN_A_RANGE = 1;

  private final Pattern pattern;
  private final Extent extent;

  private LinearPattern(Pattern pattern, Extent extent) {
    this.pattern = pattern;
    this.extent = extent;
  }

  /**
   * How much a pattern has of what takes memory and time, or several of them together.
   *
   * @param characters those that are written
   * @param parts with its repetitions written out
   * @param classes such as {@code \p{L}}
   * @param inRanges the characters of ranges where case is ignored
   */
  private record Extent(int characters, long parts, int classes, int inRanges) {
    private static final Extent NONE = new Extent(0, 0, 0, 0);

    Extent plus(Extent other) {
      return new Extent(
          characters + other.characters,
          parts + other.parts,
          classes + other.classes,
          inRanges + other.inRanges);
    }
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
    String written = withoutUnicodeEscapes(regex);
    Characters characters = new Characters(written);
    characters.read();
    try {
      return new LinearPattern(
          Pattern.compile(written),
          new Extent(written.length(), size, characters.classes, characters.inRanges));
    } catch (PatternSyntaxException e) {
      throw new IllegalArgumentException(
          "is not a regular expression that can be matched in linear time, which has no lookahead,"
              + " no lookbehind and no back reference: write it without them, or leave it out: "
              + e.getMessage());
    }
  }

  /**
   * Checks that patterns that are kept as one have together no more than one may have.
   *
   * @throws IllegalArgumentException that says what they have too much of
   */
  public static void checkTogether(Collection<LinearPattern> patterns) {
    Extent all = patterns.stream().map(each -> each.extent).reduce(Extent.NONE, Extent::plus);
    if (all.parts > LARGEST) {
      throw new IllegalArgumentException(
          "have together more than " + LARGEST + " parts, their repetitions written out");
    }
    if (all.classes > MOST_CLASSES) {
      throw new IllegalArgumentException(
          "have together more than " + MOST_CLASSES + " classes of characters such as \\p{L}");
    }
    if (all.inRanges > MOST_IN_RANGES) {
      throw new IllegalArgumentException(
          "ignore together the case of ranges with more than " + MOST_IN_RANGES + " characters");
    }
  }

  /** How many steps a match takes at the most. */
  public long steps(String text) {
    return extent.parts * (text.length() + 1);
  }

  /** How many bytes it takes at the most. */
  public long bytes() {
    return BYTES_OF_ALL
        + extent.parts * BYTES_OF_A_PART
        + (long) extent.classes * BYTES_OF_A_CLASS
        + (long) extent.inRanges * BYTES_IN_A_RANGE;
  }

  /** How many steps of about a microsecond it has taken at the most to read the expression. */
  public int stepsToRead() {
    return 1
        + extent.characters / CHARACTERS_IN_A_STEP
        + extent.classes * STEPS_OF_A_CLASS
        + extent.inRanges / WRITTEN_IN_A_STEP;
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

  /**
   * Looks at the characters of an expression as the engine writes them out: the ranges of a class
   * such as {@code \\p{L}}, and each character of a range where case is ignored.
   */
  private static final class Characters {
    private static final java.util.regex.Pattern IGNORES_CASE =
        java.util.regex.Pattern.compile("\\(\\?[A-Za-z]*i");
    private static final java.util.regex.Pattern NUMBER =
        java.util.regex.Pattern.compile(
            "x\\{0*([0-9A-Fa-f]{1,6})\\}|x([0-9A-Fa-f]{2})|([0-7]{1,3})");

    // The engine and the JDK do not agree on the case of these: it goes round without end in
    // search of all forms of one of them.
    private static final int FIRST_ENDLESS = 0x1c80;
    private static final int LAST_ENDLESS = 0x1c88;

    private static final int FIRST_WITH_CASE = 'A';
    private static final int LAST_WITH_CASE = 0x1044f;
    private static final int NONE = -1;

    private final String regex;
    private final boolean ignoresCase;
    private int classes;
    private int inRanges;
    private int at;

    Characters(String regex) {
      this.regex = regex;
      this.ignoresCase = IGNORES_CASE.matcher(regex).find();
    }

    void read() {
      int beforeLast = NONE;
      int last = NONE;
      while (at < regex.length()) {
        int character = next();
        // What is no range where it stands is taken for one all the same.
        add(character, character);
        if (last == '-') {
          add(beforeLast, character);
        }
        beforeLast = last;
        last = character;
      }
    }

    private void add(int first, int last) {
      boolean isOfAllWithCase = first <= FIRST_WITH_CASE && last >= LAST_WITH_CASE;
      if (!ignoresCase || first == NONE || isOfAllWithCase) {
        return;
      }
      if (first <= LAST_ENDLESS && last >= FIRST_ENDLESS) {
        throw new IllegalArgumentException(
            "ignores the case of the characters U+1C80 to U+1C88, or of a range with them, which is"
                + " not supported: leave them out, or leave out (?i)");
      }
      inRanges += Math.max(0, Math.min(last, LAST_WITH_CASE) - first);
      if (inRanges > MOST_IN_RANGES) {
        throw new IllegalArgumentException(
            "ignores the case of ranges with more than " + MOST_IN_RANGES + " characters");
      }
    }

    /** The next character, which it passes; {@link #NONE} for a class of several. */
    private int next() {
      int character = regex.codePointAt(at);
      at += Character.charCount(character);
      if (character != '\\' || at == regex.length()) {
        return character;
      }
      Matcher number = NUMBER.matcher(regex).region(at, regex.length());
      if (number.lookingAt()) {
        at = number.end();
        return number.group(3) != null
            ? Integer.parseInt(number.group(3), 8)
            : Integer.parseInt(Objects.requireNonNullElse(number.group(1), number.group(2)), 16);
      }
      character = regex.codePointAt(at);
      at += Character.charCount(character);
      if (character == 'p' || character == 'P') {
        if (++classes > MOST_CLASSES) {
          throw new IllegalArgumentException(
              "has more than " + MOST_CLASSES + " classes of characters such as \\p{L}");
        }
        return NONE;
      }
      return "dDsSwW".indexOf(character) < 0 ? character : NONE;
    }
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
