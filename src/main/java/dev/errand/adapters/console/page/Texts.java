package dev.errand.adapters.console.page;

import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Reads texts from forms, and writes lists of them. */
public final class Texts {
  private static final int FEW = 3;
  // A form's field for a time sends it without an offset.
  private static final Pattern WITHOUT_OFFSET =
      Pattern.compile("[0-9]{4}-[0-9]{2}-[0-9]{2}[T ][0-9]{2}:[0-9]{2}(:[0-9]{2}(\\.[0-9]+)?)?");

  private Texts() {}

  /** The value of a field without the space around it; empty where it was not sent. */
  public static String given(@Nullable String text) {
    return text == null ? "" : text.strip();
  }

  /** The value of a field; null where it was not filled in. */
  public static @Nullable String givenOrNull(@Nullable String text) {
    return Optional.of(given(text)).filter(filled -> !filled.isEmpty()).orElse(null);
  }

  /** The words of a field, separated by space; null where there are none. */
  public static @Nullable List<@Nullable String> wordsOrNull(@Nullable String text) {
    String given = given(text);
    return given.isEmpty() ? null : Stream.<@Nullable String>of(given.split("\\s+")).toList();
  }

  /** Adds the offset of UTC to a time of a form's field; any other text is returned unchanged. */
  public static String utc(String time) {
    return WITHOUT_OFFSET.matcher(time).matches() ? time + "Z" : time;
  }

  /** The first ones of a list, and how many more there are. */
  public static String few(List<String> all) {
    String first = String.join(", ", all.subList(0, Math.min(FEW, all.size())));
    return all.size() <= FEW ? first : first + " and " + (all.size() - FEW) + " more";
  }
}
