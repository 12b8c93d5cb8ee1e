package dev.errand.runs.task.prompt;

import dev.errand.base.error.ApiException;
import java.util.LinkedHashSet;
import java.util.Set;

/** Finds the names outside any section of a template: those that need a value. */
final class RequiredNames extends TemplateCheck {
  private final String field;
  private final Set<String> names = new LinkedHashSet<>();

  RequiredNames(String field) {
    super(field, false);
    this.field = field;
  }

  /** The names. */
  Set<String> all() {
    return Set.copyOf(names);
  }

  @Override
  public void visitVariable(String name) {
    if (name.equals(".") || name.equals("this")) {
      throw ApiException.invalid(
          field, "uses {{ . }} outside a section: {{ @payload }} is all of the parameters");
    }
    names.add(name);
  }

  @Override
  public boolean visitSection(String name) {
    return false;
  }
}
