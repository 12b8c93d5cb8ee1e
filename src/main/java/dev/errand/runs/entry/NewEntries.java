package dev.errand.runs.entry;

import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Entries that are added to a run by one write.
 *
 * @param stored the entries as they are stored, each a JSON object
 * @param warnings the codes of the {@linkplain RunEntry.Warning warnings} among them
 */
public record NewEntries(List<String> stored, List<String> warnings) {
  public NewEntries {
    stored = List.copyOf(stored);
    warnings = List.copyOf(warnings);
  }

  /** Entries none of which is a warning. */
  public static NewEntries withoutWarnings(List<String> stored) {
    return new NewEntries(stored, List.of());
  }

  /** These entries and one more after them, which is no warning. */
  public NewEntries and(String last) {
    return new NewEntries(Stream.concat(stored.stream(), Stream.of(last)).toList(), warnings);
  }

  /** The codes as statements take them, separated by commas; null for none. */
  public @Nullable String warned() {
    return warnings.isEmpty() ? null : String.join(",", warnings);
  }
}
