package dev.errand.runs.prompt;

import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/**
 * The names that a template uses. A value of one of Errand's own names, such as {@code output} in a
 * section of {@code @previous}, is not among them.
 *
 * @param outside those outside any section, which need a value
 * @param sections those of sections
 * @param inside those inside sections
 */
record TemplateNames(Set<String> outside, Set<String> sections, Set<String> inside) {
  static TemplateNames of(List<TemplatePart> parts) {
    TemplateNames names =
        new TemplateNames(new LinkedHashSet<>(), new LinkedHashSet<>(), new LinkedHashSet<>());
    names.add(parts, names.outside, "");
    return names;
  }

  // In a section of one of Errand's own names, a name is first that of one of its values.
  private void add(List<TemplatePart> parts, Set<String> variables, String own) {
    for (TemplatePart part : parts) {
      switch (part) {
        case TemplatePart.Variable(TemplateName name) -> {
          if (!BuiltInValues.isIn(own, name.text())) {
            variables.add(name.text());
          }
        }
        case TemplatePart.Section(TemplatePart.Kind kind, TemplateName name, var inner) -> {
          boolean isOwn = BuiltInValues.isIn(own, name.text());
          // The name of a block is not looked up.
          if (kind != TemplatePart.Kind.BLOCK && !isOwn) {
            sections.add(name.text());
          }
          String section = isOwn ? own + "." + name.text() : name.text();
          boolean isEntered =
              kind == TemplatePart.Kind.REPEATED && BuiltInValues.isBuiltIn(section);
          add(inner, inside, isEntered ? section : own);
        }
        case TemplatePart.Text _, TemplatePart.Silent _ -> {}
      }
    }
  }
}
