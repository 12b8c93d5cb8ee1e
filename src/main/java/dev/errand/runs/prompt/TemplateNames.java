package dev.errand.runs.prompt;

import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/**
 * The names that a template uses.
 *
 * @param outside those outside any section, which need a value
 * @param sections those of sections
 * @param inside those inside sections
 */
record TemplateNames(Set<String> outside, Set<String> sections, Set<String> inside) {
  static TemplateNames of(List<TemplatePart> parts) {
    TemplateNames names =
        new TemplateNames(new LinkedHashSet<>(), new LinkedHashSet<>(), new LinkedHashSet<>());
    names.add(parts, names.outside);
    return names;
  }

  private void add(List<TemplatePart> parts, Set<String> variables) {
    for (TemplatePart part : parts) {
      switch (part) {
        case TemplatePart.Variable(TemplateName name) -> variables.add(name.text());
        case TemplatePart.Section(TemplatePart.Kind kind, TemplateName name, var inner) -> {
          // The name of a block is not looked up.
          if (kind != TemplatePart.Kind.BLOCK) {
            sections.add(name.text());
          }
          add(inner, inside);
        }
        case TemplatePart.Text _, TemplatePart.Silent _ -> {}
      }
    }
  }
}
