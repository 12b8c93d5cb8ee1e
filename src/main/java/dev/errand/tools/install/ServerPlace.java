package dev.errand.tools.install;

import dev.errand.base.secret.Sha256;

/** The address of a remote server for people, and to notice that it is another one. */
final class ServerPlace {
  private static final int DIGITS = 8;

  private ServerPlace() {}

  /** The address without its query, which may be secret; a digest tells queries apart. */
  static String of(String url) {
    String plain = url.replaceFirst("[?#].*", "");
    return plain.equals(url) ? url : plain + "?…" + Sha256.hex(url).substring(0, DIGITS);
  }
}
