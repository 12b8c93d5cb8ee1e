package dev.errand.tools.install;

import dev.errand.base.secret.Sha256;
import java.util.stream.IntStream;

/** The address of a remote server for people, and to notice that it is another one. */
final class ServerPlace {
  private static final int DIGITS = 8;

  private ServerPlace() {}

  /** The address without its query, which may be secret; a digest tells queries apart. */
  static String of(String url) {
    int end =
        IntStream.of(url.indexOf('?'), url.indexOf('#')).filter(at -> at >= 0).min().orElse(-1);
    return end < 0 ? url : url.substring(0, end) + "?…" + Sha256.hex(url).substring(0, DIGITS);
  }
}
