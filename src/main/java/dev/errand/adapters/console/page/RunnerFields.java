package dev.errand.adapters.console.page;

import dev.errand.models.port.SettingsField;
import java.util.List;

/**
 * A runner that a form offers, with its own settings.
 *
 * @param name the runner's name, which the names of its fields begin with
 * @param title the name of its API, for people
 * @param chosen whether it is chosen
 * @param more the settings without a field, as JSON
 */
public record RunnerFields(
    String name, String title, boolean chosen, List<Field> fields, String more) {

  /**
   * A field with its value.
   *
   * @param name its name in the form
   */
  public record Field(String name, SettingsField field, String value) {
    /** Whether it is true, false, or left to the service. */
    public boolean isFlag() {
      return field.kind() == SettingsField.Kind.FLAG;
    }

    /** The keys that a phone offers for it. */
    public String keys() {
      return switch (field.kind()) {
        case WHOLE -> "numeric";
        case NUMBER -> "decimal";
        case TEXT, FLAG -> "text";
      };
    }
  }
}
