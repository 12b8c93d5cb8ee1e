package dev.errand.runs.task.prompt;

import java.util.LinkedHashSet;
import java.util.Set;

/** Finds the names of the sections of a template and the names inside them. */
final class SectionNames extends TemplateCheck {
  private final Set<String> names = new LinkedHashSet<>();
  private final Set<String> all = new LinkedHashSet<>();

  SectionNames(String field) {
    super(field, false);
  }

  /** The names of sections, and the names that are only used inside them. */
  Set<String> besides(Set<String> required) {
    Set<String> inside = new LinkedHashSet<>(all);
    inside.removeAll(required);
    inside.addAll(names);
    return inside;
  }

  /** Whether there are sections, so that names may refer to the items of a section. */
  boolean areThere() {
    return !names.isEmpty();
  }

  @Override
  public void visitVariable(String name) {
    all.add(name);
  }

  @Override
  public boolean visitSection(String name) {
    names.add(name);
    return super.visitSection(name);
  }
}
