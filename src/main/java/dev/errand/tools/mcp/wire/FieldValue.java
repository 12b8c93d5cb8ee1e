package dev.errand.tools.mcp.wire;

import dev.errand.base.json.WellFormed;
import java.util.Base64;

/** Writes values of the body as values of header fields, in base64 where they would not fit. */
final class FieldValue {
  private static final String BEGIN = "=?base64?";
  private static final String END = "?=";

  private FieldValue() {}

  /** The value of a header field for a text. */
  static String of(String text) {
    boolean plain =
        text.equals(text.strip())
            && text.chars().allMatch(c -> c >= ' ' && c <= '~')
            && !(text.startsWith(BEGIN) && text.endsWith(END));
    return plain ? text : BEGIN + Base64.getEncoder().encodeToString(WellFormed.bytes(text)) + END;
  }
}
