package dev.errand.runs.task.prompt;

import dev.errand.base.error.ApiException;
import dev.errand.base.error.SpellingSuggestion;

/** Refuses unknown names that begin with {@code @}, also in sections. */
final class BuiltInNameCheck extends TemplateCheck {
  private final String field;

  BuiltInNameCheck(String field) {
    super(field, false);
    this.field = field;
  }

  @Override
  public void visitVariable(String name) {
    if (name.startsWith("@") && !BuiltInValues.NAMES.contains(name)) {
      String meant =
          SpellingSuggestion.of(name, BuiltInValues.NAMES)
              .map("; did you mean {{ %s }}?"::formatted)
              .orElse(". A field of a parameter is named by its path: {{ event." + name + " }}");
      throw ApiException.invalid(
          field,
          "uses {{ "
              + name
              + " }}, and names that begin with @ are Errand's own; the known names are "
              + String.join(", ", BuiltInValues.NAMES)
              + meant);
    }
  }

  @Override
  public boolean visitSection(String name) {
    visitVariable(name);
    return super.visitSection(name);
  }
}
