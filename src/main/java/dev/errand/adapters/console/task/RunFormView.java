package dev.errand.adapters.console.task;

import java.util.List;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * The form that runs a task: a field for each parameter of its prompt.
 *
 * @param run the name of the run that it starts, so that sending it twice starts only one
 * @param takesOthers whether parameters beyond these may mean something to the prompt
 * @param others these, as JSON
 * @param message why it was refused; null where it was not
 */
public record RunFormView(
    String run, List<Field> fields, boolean takesOthers, String others, @Nullable String message) {

  /**
   * A parameter.
   *
   * @param value the value of the field
   * @param required whether it must be given
   * @param structured whether it is JSON
   */
  public record Field(String name, String value, boolean required, boolean structured) {}

  /** The names of the parameters that must be given and are not filled in, as a list in words. */
  public String unfilled() {
    return fields.stream()
        .filter(field -> field.required() && field.value().isEmpty())
        .map(Field::name)
        .collect(Collectors.joining(", "));
  }
}
