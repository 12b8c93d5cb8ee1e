package dev.errand.base.http;

import dev.errand.base.error.ApiException;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The value of {@code If-Match} or {@code If-None-Match}: entity tags, or any.
 *
 * @param isAny whether it is {@code *}
 * @param tags the tags as they were sent, with their quotes
 */
record TagList(boolean isAny, List<String> tags) {
  private static final String WEAK = "W/";

  // Empty elements of a list are to be ignored.
  private static final Pattern ELEMENT =
      Pattern.compile("[ \\t,]*+((?:W/)?\"[!#-~\\x80-\\xff]*+\")[ \\t]*+(?:,[ \\t,]*+|$)");

  /**
   * Reads the lines of a header field.
   *
   * @throws ApiException when they are neither {@code *} nor a list of entity tags
   */
  static TagList of(String field, List<String> lines) {
    String value = String.join(",", lines).strip();
    if (value.equals("*")) {
      return new TagList(true, List.of());
    }
    List<String> tags = new ArrayList<>();
    Matcher next = ELEMENT.matcher(value);
    int end = 0;
    while (end < value.length() && next.region(end, value.length()).lookingAt()) {
      tags.add(next.group(1));
      end = next.end();
    }
    if (tags.isEmpty() || end < value.length()) {
      throw ApiException.invalid(
          field,
          "must be * or the ETag of an earlier answer with its quotes, such as \"1a2b\", or several"
              + " with commas between them");
    }
    return new TagList(false, tags);
  }

  /** Whether one of them is this tag, and strong. */
  boolean hasStrong(String tag) {
    return tags.contains(tag);
  }

  /** Whether one of them is this tag, weak or strong. */
  boolean hasAny(String tag) {
    return tags.contains(tag) || tags.contains(WEAK + tag);
  }
}
