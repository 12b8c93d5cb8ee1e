package dev.errand.models.port;

import dev.errand.base.error.ApiException;
import dev.errand.base.error.InvalidFields;
import dev.errand.base.field.DeclaredField;
import dev.errand.base.field.DeclaredFields;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Checks settings of a task or provider by what their fields declare. */
final class SettingsCheck {
  private SettingsCheck() {}

  /**
   * Checks the settings of a task.
   *
   * @throws ApiException that names the invalid fields
   */
  static void ofTask(ModelSettings settings) {
    InvalidFields.check(
        () -> require(settings.field("prompt"), settings.prompt()),
        () -> require(settings.field("model"), settings.model()),
        () -> declared(settings, DeclaredFields.of(settings.getClass()).all()));
  }

  /**
   * Checks the settings of a provider.
   *
   * @throws ApiException that names the invalid fields
   */
  static void ofProvider(ModelSettings settings) {
    InvalidFields.check(
        () -> absent(settings.field("prompt"), settings.prompt()),
        () -> absent(settings.field("system"), settings.system()),
        () -> require(settings.field("model"), settings.model()),
        () ->
            declared(settings, DeclaredFields.of(settings.getClass()).with(ProviderFields.class)));
  }

  private static void declared(ModelSettings settings, List<DeclaredField> fields) {
    InvalidFields wrong = new InvalidFields();
    DeclaredFields.check(settings.runner(), (Record) settings, fields, wrong);
    wrong.refuse();
  }

  private static void absent(String field, @Nullable String value) {
    if (value != null) {
      throw ApiException.invalid(field, "belongs in each task, not in a provider");
    }
  }

  // White space is no text, either.
  private static void require(String field, @Nullable String value) {
    if (value == null || value.isBlank()) {
      throw ApiException.invalid(field, "is required");
    }
  }
}
