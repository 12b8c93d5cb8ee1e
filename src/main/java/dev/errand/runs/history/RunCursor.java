package dev.errand.runs.history;

import dev.errand.base.error.ApiException;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The opaque cursor of a list of runs: an encoded run id after which the next page begins. */
public final class RunCursor {
  private static final Pattern FORM = Pattern.compile("run:([0-9]{1,18})");

  private RunCursor() {}

  /** The cursor of the page that follows this run. */
  public static String after(long runId) {
    return Base64.getUrlEncoder()
        .withoutPadding()
        .encodeToString(("run:" + runId).getBytes(StandardCharsets.US_ASCII));
  }

  /**
   * Decodes a cursor to the id of the run after which the page begins.
   *
   * @throws ApiException when the cursor is not one of a list
   */
  public static long of(String cursor) {
    try {
      Matcher form =
          FORM.matcher(
              new String(Base64.getUrlDecoder().decode(cursor), StandardCharsets.US_ASCII));
      if (form.matches()) {
        return Long.parseLong(form.group(1));
      }
    } catch (IllegalArgumentException e) {
      // Refused below.
    }
    throw ApiException.invalid(
        "cursor",
        "is not a cursor of a list of runs: use the address in its Link header unchanged");
  }
}
