package dev.errand.models.output;

import dev.errand.base.json.WellFormed;
import java.util.Arrays;
import java.util.Locale;
import java.util.Map;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Says what is wrong with a value, by the keyword that it does not fit: the end of a sentence. */
final class ProblemSentences {
  private static final Map<String, String> BY_KEYWORD =
      Map.ofEntries(
          Map.entry("type", "is %s and must be %s"),
          Map.entry("required", "lacks the property %s"),
          Map.entry("additionalProperties", "has the property %s, which is not allowed"),
          Map.entry("enum", "must be one of %s"),
          Map.entry("const", "must be %s"),
          Map.entry("minimum", "must be at least %s"),
          Map.entry("maximum", "must be at most %s"),
          Map.entry("exclusiveMinimum", "must be more than %s"),
          Map.entry("exclusiveMaximum", "must be less than %s"),
          Map.entry("multipleOf", "must be a multiple of %s"),
          Map.entry("minLength", "must have at least %s characters"),
          Map.entry("maxLength", "must have at most %s characters"),
          Map.entry("pattern", "must match %s"),
          Map.entry("minItems", "must have at least %s items"),
          Map.entry("maxItems", "must have at most %s items"),
          Map.entry("uniqueItems", "must not have an item twice"),
          Map.entry("minProperties", "must have at least %s properties"),
          Map.entry("maxProperties", "must have at most %s properties"),
          Map.entry("oneOf", "must fit exactly one of the schemas of oneOf"),
          Map.entry("not", "fits a schema that it must not fit"),
          Map.entry("false", "is not allowed"));

  // More than is shown of a whole problem.
  private static final int LONGEST = 400;

  private ProblemSentences() {}

  /** The end of a sentence for a message of the validator, which has the keyword as its key. */
  static String of(
      String key,
      @Nullable Supplier<String> otherwise,
      Locale locale,
      @Nullable Object @Nullable ... arguments) {
    int dot = key.indexOf('.');
    String keyword = dot < 0 ? key : key.substring(0, dot);
    String pattern = BY_KEYWORD.getOrDefault(keyword, "does not fit " + keyword);
    @Nullable Object[] given = arguments == null ? new @Nullable Object[0] : arguments;
    // A pattern may name more than the validator says.
    @Nullable Object[] named = Arrays.copyOf(given, Math.max(given.length, 2));
    for (int i = 0; i < named.length; i++) {
      named[i] = cut(named[i]);
    }
    return String.format(locale, pattern, named);
  }

  // The validator writes the sentences of all problems, of which few are shown, and a schema may
  // have a list of thousands of values.
  private static @Nullable Object cut(@Nullable Object argument) {
    return argument instanceof String text && text.length() > LONGEST
        ? WellFormed.cut(text, LONGEST)
        : argument;
  }
}
