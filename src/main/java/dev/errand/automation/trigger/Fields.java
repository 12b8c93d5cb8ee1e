package dev.errand.automation.trigger;

import dev.errand.base.json.WellFormed;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * The header fields of a request; names are case-insensitive.
 *
 * @param byName the values of each field, as often as it was sent; names in lower case
 */
public record Fields(Map<String, List<String>> byName) {
  public Fields {
    Map<String, List<String>> lower = new LinkedHashMap<>();
    byName.forEach(
        (name, values) ->
            lower
                .computeIfAbsent(name.toLowerCase(Locale.ROOT), _ -> new ArrayList<>())
                .addAll(values));
    byName = Map.copyOf(lower);
  }

  /**
   * The fields that were sent.
   *
   * @param split whether the platform split each field at its commas, as the bridge of AWS Lambda
   *     does; the parts are then joined again
   */
  public static Fields sent(Map<String, List<String>> byName, boolean split) {
    if (!split) {
      return new Fields(byName);
    }
    Map<String, List<String>> whole = new LinkedHashMap<>();
    byName.forEach((name, parts) -> whole.put(name, List.of(String.join(",", parts))));
    return new Fields(whole);
  }

  /** The value of a field, if it was sent and is not empty; the first of several. */
  public Optional<String> first(String name) {
    return all(name).stream().filter(value -> !value.isEmpty()).findFirst();
  }

  /**
   * The value of a field that a signature depends on.
   *
   * @throws SignatureRefusedException if it is missing, or was sent more than once: one value could
   *     be verified and the other used
   */
  public String single(String name) {
    List<String> values = all(name);
    if (values.isEmpty() || values.getFirst().isEmpty()) {
      throw new SignatureRefusedException("The header " + name + " is missing.");
    }
    if (values.size() > 1) {
      throw new SignatureRefusedException("The header " + name + " was sent more than once.");
    }
    return values.getFirst();
  }

  /** All values of a field, with commas between them; empty if it was not sent. */
  Optional<String> joined(String name, int longest) {
    List<String> values = all(name);
    return values.isEmpty()
        ? Optional.empty()
        : Optional.of(WellFormed.cut(String.join(", ", values), longest));
  }

  public Fields only(Collection<String> names) {
    Map<String, List<String>> kept = new LinkedHashMap<>(byName);
    kept.keySet().retainAll(names);
    return new Fields(kept);
  }

  private List<String> all(String name) {
    return byName.getOrDefault(name.toLowerCase(Locale.ROOT), List.of()).stream()
        .map(String::strip)
        .toList();
  }
}
