package dev.errand.runs.lifecycle;

import dev.errand.base.error.ApiException;

/** The rules for the names of runs. */
public final class RunName {
  private static final int LONGEST = 255;

  // The server replaces bytes that are not UTF-8 by this, so different names would become equal.
  private static final int REPLACEMENT = 0xFFFD;

  private RunName() {}

  /**
   * Checks a name that a client chose.
   *
   * @throws ApiException when the name is not valid, or reserved for the runs of schedules
   */
  public static void check(String name) {
    int length = name.codePointCount(0, name.length());
    if (length < 1
        || length > LONGEST
        || name.equals(".")
        || name.equals("..")
        || name.codePoints()
            .anyMatch(
                c -> c == '/' || c == REPLACEMENT || Character.isISOControl(c) || isDirection(c))) {
      throw ApiException.invalid(
          "run", "a run's name is 1 to 255 printable characters without a slash");
    }
    if (name.indexOf('@') >= 0) {
      throw ApiException.invalid("run", "names with @ are reserved for the runs of schedules");
    }
  }

  // A name with one of these reads as another one.
  private static boolean isDirection(int c) {
    return switch (Character.getDirectionality(c)) {
      case Character.DIRECTIONALITY_LEFT_TO_RIGHT_EMBEDDING,
          Character.DIRECTIONALITY_LEFT_TO_RIGHT_OVERRIDE,
          Character.DIRECTIONALITY_RIGHT_TO_LEFT_EMBEDDING,
          Character.DIRECTIONALITY_RIGHT_TO_LEFT_OVERRIDE,
          Character.DIRECTIONALITY_POP_DIRECTIONAL_FORMAT,
          Character.DIRECTIONALITY_LEFT_TO_RIGHT_ISOLATE,
          Character.DIRECTIONALITY_RIGHT_TO_LEFT_ISOLATE,
          Character.DIRECTIONALITY_FIRST_STRONG_ISOLATE,
          Character.DIRECTIONALITY_POP_DIRECTIONAL_ISOLATE ->
          true;
      default -> false;
    };
  }
}
