package dev.errand.base.config;

/** Reads whole numbers, and says what they must be. */
final class WholeNumber {
  private WholeNumber() {}

  static long read(String text, long least, long most) {
    long number;
    try {
      number = Long.parseLong(text.strip());
    } catch (NumberFormatException e) {
      throw new IllegalArgumentException("must be a whole number", e);
    }
    if (number < least) {
      throw new IllegalArgumentException("must be " + least + " or more");
    }
    if (number > most) {
      throw new IllegalArgumentException("must be " + most + " or less");
    }
    return number;
  }
}
