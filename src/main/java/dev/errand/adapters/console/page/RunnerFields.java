package dev.errand.adapters.console.page;

import com.fasterxml.jackson.core.JsonPointer;
import com.fasterxml.jackson.databind.JsonNode;
import dev.errand.base.field.DeclaredField;
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
   * A setting with an input.
   *
   * @param runner the runner that has it
   * @param path its name in the runner's settings, as {@code a.b} where it is inside an object
   * @param value what it has been filled with
   */
  public record Field(String runner, String path, DeclaredField declared, String value) {
    /** Its name in the form. */
    public String name() {
      return runner + "." + path;
    }

    /** Whether it is true, false, or left to the service. */
    public boolean isFlag() {
      return declared.isFlag();
    }

    public String note() {
      String note = declared.words().note();
      return note.isEmpty() ? declared.words().value() : note;
    }

    /** Values to choose from; it may have others. */
    public List<String> values() {
      return declared.codes().isEmpty()
          ? List.of(declared.words().suggestions())
          : declared.codes();
    }

    /** The keys that a phone offers for it. */
    public String keys() {
      return declared.isWhole() ? "numeric" : declared.isNumber() ? "decimal" : "text";
    }

    /** Where its value is in the settings. */
    JsonPointer pointer() {
      return JsonPointer.compile("/" + path.replace('.', '/'));
    }

    /** Whether a value has its type. */
    boolean fits(JsonNode of) {
      if (declared.isWhole()) {
        return of.isIntegralNumber() && of.canConvertToInt();
      }
      return declared.isNumber() ? of.isNumber() : isFlag() ? of.isBoolean() : of.isTextual();
    }

    /** What a value must be, for messages. */
    String rule() {
      if (declared.isWhole()) {
        return "must be a whole number, at most " + Integer.MAX_VALUE;
      }
      return declared.isNumber()
          ? "must be a number such as 0.5"
          : isFlag() ? "must be true or false" : "must be a text";
    }
  }
}
