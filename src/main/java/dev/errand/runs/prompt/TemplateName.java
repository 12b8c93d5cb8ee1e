package dev.errand.runs.prompt;

import java.util.List;

/**
 * A name in a template. It stands for the value of that name, or else for a part of a value: {@code
 * customer.name} for the field {@code name} of {@code customer}.
 *
 * @param path its parts, without empty ones at the end; empty for a name without a dot
 */
record TemplateName(String text, List<String> path) {
  private static final String ITSELF = ".";

  static TemplateName of(String text) {
    return new TemplateName(
        text,
        text.indexOf('.') < 0 || text.equals(ITSELF) ? List.of() : List.of(text.split("\\.", 0)));
  }

  /** Whether a name, or a part of one, stands for the value that it is looked for in. */
  static boolean isItself(String name) {
    return name.equals(ITSELF) || name.equals("this");
  }
}
