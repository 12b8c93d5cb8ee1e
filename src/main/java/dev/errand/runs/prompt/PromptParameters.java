package dev.errand.runs.prompt;

import java.util.Set;
import java.util.TreeSet;

/**
 * The parameters of a prompt, by the first part of their names: {@code customer} for {@code {{
 * customer.name }}}.
 *
 * @param texts those that must be given and are used as a whole, sorted
 * @param objects those that must be given and of which the prompt uses parts, sorted
 * @param optional those that need not be given, since they are, or are used in, sections; sorted
 */
public record PromptParameters(
    Set<String> texts, Set<String> objects, Set<String> optional, boolean takesOthers) {

  static PromptParameters of(Set<String> required, Set<String> inSections, boolean takesOthers) {
    Set<String> texts = new TreeSet<>();
    Set<String> objects = new TreeSet<>();
    for (String name : required) {
      if (!BuiltInValues.isBuiltIn(name)) {
        String first = first(name);
        (first.equals(name) ? texts : objects).add(first);
      }
    }
    texts.removeAll(objects);
    Set<String> optional = new TreeSet<>();
    for (String name : inSections) {
      String first = first(name);
      boolean isName = !first.isEmpty() && !first.equals(".") && !first.equals("this");
      if (isName && !BuiltInValues.isBuiltIn(name)) {
        optional.add(first);
      }
    }
    // A section's value may be true or a list, so a name that is used both ways is not a plain
    // text.
    texts.stream().filter(optional::contains).forEach(objects::add);
    texts.removeAll(objects);
    optional.removeAll(objects);
    return new PromptParameters(texts, objects, optional, takesOthers);
  }

  private static String first(String name) {
    int dot = name.indexOf('.');
    return dot <= 0 ? name : name.substring(0, dot);
  }
}
