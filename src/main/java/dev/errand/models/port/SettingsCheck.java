package dev.errand.models.port;

import dev.errand.base.error.ApiException;
import dev.errand.base.error.InvalidFields;
import org.jspecify.annotations.Nullable;

/** Checks for settings that several vendors share. */
public final class SettingsCheck {
  private static final int LONGEST_TEXT = 262_144;
  private static final int LONGEST_NAME = 256;

  private SettingsCheck() {}

  /**
   * Checks the settings of a task that all vendors share.
   *
   * @throws ApiException that names the invalid field
   */
  public static void ofTask(ModelSettings settings) {
    InvalidFields.check(
        () -> require(settings.field("prompt"), settings.prompt(), LONGEST_TEXT),
        () -> require(settings.field("model"), settings.model(), LONGEST_NAME),
        () -> limit(settings.field("system"), settings.system(), LONGEST_TEXT));
  }

  /**
   * Checks the settings of a provider that all vendors share.
   *
   * @throws ApiException that names the invalid field
   */
  public static void ofProvider(ModelSettings settings) {
    InvalidFields.check(
        () -> absent(settings.field("prompt"), settings.prompt()),
        () -> absent(settings.field("system"), settings.system()),
        () -> require(settings.field("model"), settings.model(), LONGEST_NAME));
  }

  /**
   * Checks a number.
   *
   * @param most the largest valid value; the smallest is 0
   * @throws ApiException when it is outside the range
   */
  public static void range(String field, @Nullable Double value, double most) {
    if (value != null && !(value >= 0 && value <= most)) {
      throw ApiException.invalid(field, "must be between 0 and " + (int) most);
    }
  }

  private static void absent(String field, @Nullable String value) {
    if (value != null) {
      throw ApiException.invalid(field, "belongs in each task, not in a provider");
    }
  }

  private static void require(String field, @Nullable String value, int longest) {
    if (value == null || value.isBlank()) {
      throw ApiException.invalid(field, "is required");
    }
    limit(field, value, longest);
  }

  private static void limit(String field, @Nullable String value, int longest) {
    if (value != null && value.length() > longest) {
      throw ApiException.invalid(field, "has more than " + longest + " characters");
    }
  }
}
