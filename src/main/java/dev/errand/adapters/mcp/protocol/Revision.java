package dev.errand.adapters.mcp.protocol;

import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/**
 * A revision of the protocol that the endpoint speaks. Since {@link #STATELESS} a request carries
 * its revision, client and capabilities; before, {@code initialize} begins.
 */
public enum Revision {
  /** Each request stands for itself. */
  STATELESS("2026-07-28"),
  /** The last one with {@code initialize}. */
  SESSIONS("2025-11-25"),
  /** The one before it. */
  MID_2025("2025-06-18"),
  /** The first one with one address for all requests. */
  EARLY_2025("2025-03-26"),
  /** The first one: answers come by a stream of events that stays open. */
  FIRST("2024-11-05");

  private final String code;

  Revision(String code) {
    this.code = code;
  }

  /** The revision of that date. */
  public static Optional<Revision> of(String code) {
    return Arrays.stream(values()).filter(revision -> revision.code.equals(code)).findFirst();
  }

  /** Those of Streamable HTTP, newest first, as errors and discovery name them. */
  public static List<String> codes() {
    return Arrays.stream(values())
        .filter(revision -> revision != FIRST)
        .map(Revision::code)
        .toList();
  }

  /** The date that names it. */
  public String code() {
    return code;
  }

  /** Whether results may have content of a type beside text and pictures. */
  public boolean hasContent(String type) {
    return switch (type) {
      case "resource" -> true;
      case "audio" -> compareTo(EARLY_2025) <= 0;
      case "resource_link" -> compareTo(MID_2025) <= 0;
      default -> false;
    };
  }

  /** Whether a request carries all that is to be known of it. */
  public boolean isStateless() {
    return this == STATELESS;
  }
}
