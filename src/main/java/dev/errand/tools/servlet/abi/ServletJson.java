package dev.errand.tools.servlet.abi;

import java.nio.charset.StandardCharsets;

/** JSON that a servlet passes to its host. */
final class ServletJson {
  private ServletJson() {}

  /** The text without trailing zeros: C code often includes the terminating zero of a string. */
  static String text(byte[] json) {
    var length = json.length;
    while (length > 0 && json[length - 1] == 0) {
      length--;
    }
    return new String(json, 0, length, StandardCharsets.UTF_8);
  }
}
