package dev.errand.models.port;

import dev.errand.base.error.ApiException;
import dev.errand.base.error.InvalidFields;
import dev.errand.base.field.DeclaredFields;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Checks for settings that several vendors share. */
public final class SettingsCheck {
  public static final int LONGEST_TEXT = 262_144;
  public static final int LONGEST_NAME = 256;

  // A task must have some of these, and a provider must not.
  private static final Set<String> SHARED = Set.of("prompt", "model", "system");

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
   * Checks the fields that a vendor declares.
   *
   * @throws ApiException that names the invalid fields
   */
  static void ofVendor(ModelSettings settings) {
    InvalidFields wrong = new InvalidFields();
    DeclaredFields.check(settings.runner(), (Record) settings, SHARED, wrong);
    wrong.refuse();
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
