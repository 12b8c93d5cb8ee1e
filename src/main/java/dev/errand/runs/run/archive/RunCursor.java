package dev.errand.runs.run.archive;

import dev.errand.base.error.ApiException;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Where a list of runs goes on: after the run of a number. To clients it is a word like any. */
public final class RunCursor {
  private static final Pattern FORM = Pattern.compile("run:([0-9]{1,18})");

  private RunCursor() {}

  public static String after(long runId) {
    return Base64.getUrlEncoder()
        .withoutPadding()
        .encodeToString(("run:" + runId).getBytes(StandardCharsets.US_ASCII));
  }

  /**
   * The run after which the list goes on.
   *
   * @throws ApiException when it is none that a list gave
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
      // Told below.
    }
    throw ApiException.invalid(
        "cursor", "is none that a list gave: take the address in its Link header as it is");
  }
}
