package dev.errand.base.http;

import java.util.concurrent.ThreadLocalRandom;

/**
 * Something that people configure, whose answers have an {@code ETag} (RFC 9110). The tag stands
 * for what is configured alone: what the service itself changes meanwhile, such as the next time of
 * a schedule, keeps it.
 */
public interface Tagged {
  /** The number that each change replaces. It is random, so that it says nothing of the thing. */
  long etag();

  /** The value of the header field {@code ETag}. */
  default String tag() {
    return '"' + Long.toUnsignedString(etag(), Character.MAX_RADIX) + '"';
  }

  /** Another number, for a change. */
  static long fresh() {
    return ThreadLocalRandom.current().nextLong();
  }
}
