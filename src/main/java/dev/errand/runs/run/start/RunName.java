package dev.errand.runs.run.start;

import dev.errand.base.error.ApiException;

/** The names that runs may have. */
public final class RunName {
  private static final int LONGEST = 255;

  // What the server puts where a name was no UTF-8: two such names would be one.
  private static final int REPLACEMENT = 0xFFFD;

  private RunName() {}

  /**
   * Checks a name that a person or a program chose.
   *
   * @throws ApiException when it is no name for a run, or one that only a schedule gives
   */
  public static void check(String name) {
    int length = name.codePointCount(0, name.length());
    if (length < 1
        || length > LONGEST
        || name.equals(".")
        || name.equals("..")
        || name.codePoints()
            .anyMatch(c -> c == '/' || c == REPLACEMENT || Character.isISOControl(c))) {
      throw ApiException.invalid(
          "run", "a run's name is 1 to 255 printable characters without a slash");
    }
    if (name.indexOf('@') >= 0) {
      throw ApiException.invalid("run", "names with @ are kept for the runs of schedules");
    }
  }
}
