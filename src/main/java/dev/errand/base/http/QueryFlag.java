package dev.errand.base.http;

import dev.errand.base.error.ApiException;
import org.jspecify.annotations.Nullable;

/** Reads query parameters that are {@code true} or {@code false}. */
public final class QueryFlag {
  private QueryFlag() {}

  /**
   * Whether a parameter is true; where it is absent, it is not.
   *
   * @throws ApiException if it is neither {@code true} nor {@code false}
   */
  public static boolean of(String name, @Nullable String text) {
    if (text == null || text.equals("false")) {
      return false;
    }
    if (text.equals("true")) {
      return true;
    }
    throw ApiException.invalid(name, "must be true or false");
  }
}
