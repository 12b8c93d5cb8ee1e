package dev.errand.adapters.console.page;

import dev.errand.base.field.DeclaredField;
import dev.errand.base.field.Input;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A field of a form.
 *
 * @param name its name in the form
 * @param value what it has been filled with; empty for nothing, and for boxes
 * @param choices the options of a list or of boxes; empty where anything can be entered
 */
public record FormField(String name, DeclaredField declared, String value, List<Choice> choices) {
  public String label() {
    return declared.label();
  }

  /** What stands below it, of which every other part is code; empty for nothing. */
  public List<String> note() {
    String note = declared.words().note();
    return note.isEmpty() ? List.of() : List.of(note.split("`", -1));
  }

  /** The most characters that a text may have; null for any number, and for what is no text. */
  public @Nullable Long most() {
    long most = declared.words().most();
    return declared.isList() || declared.isNumber() || most == Long.MAX_VALUE ? null : most;
  }

  public String placeholder() {
    return declared.placeholder();
  }

  public boolean required() {
    return declared.words().required();
  }

  /** Whether several can be chosen. */
  public boolean isBoxes() {
    return declared.isList() && !choices.isEmpty();
  }

  /** Whether one can be chosen. */
  public boolean isSelect() {
    return !declared.isList() && !choices.isEmpty();
  }

  /** Whether it takes several lines. */
  public boolean isArea() {
    return declared.isList() || declared.words().input() == Input.CODE;
  }

  public boolean isNumber() {
    return declared.isNumber();
  }

  /** The keys that a phone offers for a number. */
  public String keys() {
    return declared.isWhole() ? "numeric" : "decimal";
  }

  /** Whether one of the options is chosen. */
  public boolean isChosen() {
    return choices.stream().anyMatch(Choice::chosen);
  }
}
