package dev.errand.adapters.console.page;

import dev.errand.base.field.DeclaredField;
import java.util.List;

/**
 * A field of a form.
 *
 * @param value what it has been filled with; empty for nothing, and for boxes
 * @param choices the options of a list or of boxes; empty where anything can be entered
 */
public record FormField(DeclaredField declared, String value, List<Choice> choices) {
  public String name() {
    return declared.name();
  }

  public String label() {
    return declared.label();
  }

  public String note() {
    return declared.words().note();
  }

  public String placeholder() {
    return declared.words().placeholder();
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
  public boolean isItems() {
    return declared.isList() && choices.isEmpty();
  }

  public boolean isNumber() {
    return declared.isNumber();
  }

  /** Whether one of the options is chosen. */
  public boolean isChosen() {
    return choices.stream().anyMatch(Choice::chosen);
  }
}
