package dev.errand.base.http;

import dev.errand.base.error.ApiException;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Reads the words of a query parameter that names parts of an answer, separated by commas. */
public final class QueryWords {
  private QueryWords() {}

  /**
   * The words that a request names; none where it does not have the parameter.
   *
   * @throws ApiException where one is not known
   */
  public static Set<String> of(String name, @Nullable String text, String... known) {
    Set<String> words = new LinkedHashSet<>();
    for (String word : text == null ? new String[0] : text.split(",", -1)) {
      if (!word.isEmpty() && !List.of(known).contains(word)) {
        throw ApiException.invalid(
            name,
            known.length == 1
                ? "must be " + known[0]
                : "must be one of " + String.join(", ", known) + ", or several with commas");
      }
      words.add(word);
    }
    return words;
  }
}
