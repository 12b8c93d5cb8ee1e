package dev.errand.base.field;

import dev.errand.base.error.ApiException;
import io.quarkus.qute.TemplateEnum;
import java.util.regex.Pattern;

/** What the names of things are made of, as their checks, the forms and refusals say it. */
@TemplateEnum
public enum NameRule {
  /** Of users, servlets, installations, triggers, channels, notices and budgets. */
  PLAIN("[A-Za-z0-9][A-Za-z0-9._-]{0,63}", 64, ". _ -", " and begins with a letter or digit"),
  /** Of profiles, providers and schedules. */
  TILDE(NameRule.OF_PROFILE, 64, ". _ ~ -", ""),
  TASK(NameRule.OF_TASK, 128, ". _ ~ -", "");

  /** The regular expression of profiles' names. */
  public static final String OF_PROFILE = "[A-Za-z0-9._~-]{1,64}";

  /** The regular expression of tasks' names. */
  public static final String OF_TASK = "[A-Za-z0-9._~-]{1,128}";

  private final Pattern pattern;
  private final int longest;
  private final String marks;
  private final String beginning;

  NameRule(String pattern, int longest, String marks, String beginning) {
    this.pattern = Pattern.compile(pattern);
    this.longest = longest;
    this.marks = marks;
    this.beginning = beginning;
  }

  /** Whether it is a name; those that have another meaning in a path are none. */
  public boolean admits(String name) {
    return pattern.matcher(name).matches() && !name.equals(".") && !name.equals("..");
  }

  /**
   * Checks a name.
   *
   * @param subject what the refusal begins with, such as {@code a task's name is}
   * @throws ApiException where it is none
   */
  public void check(String field, String subject, String name) {
    if (!admits(name)) {
      throw ApiException.invalid(
          field, "%s 1 to %s of A-Z a-z 0-9 %s%s".formatted(subject, longest, marks, beginning));
    }
  }

  /** The pattern of an input for it, in which browsers want hyphens escaped. */
  public String input() {
    return pattern.pattern().replace("-]", "\\-]");
  }

  public int longest() {
    return longest;
  }

  /** What a form says of it. */
  public String note() {
    return "Letters, digits and " + marks;
  }
}
