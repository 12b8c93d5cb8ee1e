package dev.errand.base.http;

import dev.errand.base.error.ApiException;

/** Reads whole numbers in query parameters. */
public final class QueryNumber {
  private QueryNumber() {}

  /**
   * The number in a parameter.
   *
   * @param text its value, of decimal digits alone
   * @param least the smallest number that is allowed, at least 0
   * @throws ApiException {@code invalid_request} if it is no such number
   */
  public static int of(String name, String text, int least, int most) {
    long number = text.matches("[0-9]{1,10}") ? Long.parseLong(text) : -1;
    if (number < least || number > most) {
      throw ApiException.invalid(name, "must be a whole number between " + least + " and " + most);
    }
    return (int) number;
  }
}
