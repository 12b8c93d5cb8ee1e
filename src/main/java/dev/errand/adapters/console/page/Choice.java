package dev.errand.adapters.console.page;

import java.util.List;

/**
 * An option of a form.
 *
 * @param value what the form sends
 * @param text what the page says
 * @param chosen whether it is chosen
 */
public record Choice(String value, String text, boolean chosen) {
  /** Options that say what they send. */
  public static List<Choice> of(List<String> values, String chosen) {
    return values.stream().map(value -> new Choice(value, value, value.equals(chosen))).toList();
  }
}
