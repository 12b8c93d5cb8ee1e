package dev.errand.adapters.console.show;

import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Reads texts from forms, and writes lists of them. */
public final class Texts {
  private static final int FEW = 3;
  // What a field for a time in a form sends has no offset.
  private static final Pattern WITHOUT_OFFSET =
      Pattern.compile("[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}(:[0-9]{2})?");

  private Texts() {}

  /** What a field of a form says without the space around it; empty where it was not sent. */
  public static String given(@Nullable String text) {
    return text == null ? "" : text.strip();
  }

  /** The same; null where nothing was filled in. */
  public static @Nullable String givenOrNull(@Nullable String text) {
    return Optional.of(given(text)).filter(filled -> !filled.isEmpty()).orElse(null);
  }

  /** The words of a field, which are set apart by space; null where there are none. */
  public static @Nullable List<@Nullable String> wordsOrNull(@Nullable String text) {
    String given = given(text);
    return given.isEmpty() ? null : Stream.<@Nullable String>of(given.split("\\s+")).toList();
  }

  /** A time in UTC, as a field for times has it, with its offset; any other text as it is. */
  public static String utc(String time) {
    return WITHOUT_OFFSET.matcher(time).matches() ? time + "Z" : time;
  }

  /** The first ones of a list, and how many more there are. */
  public static String few(List<String> all) {
    String first = String.join(", ", all.subList(0, Math.min(FEW, all.size())));
    return all.size() <= FEW ? first : first + " and " + (all.size() - FEW) + " more";
  }
}
