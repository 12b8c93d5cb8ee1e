package dev.errand.adapters.mcp;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/**
 * A revision of the protocol that the endpoint supports. Since {@link #STATELESS} each request
 * carries its revision, client and capabilities; earlier revisions begin with {@code initialize}.
 */
public enum Revision {
  /** Each request is independent. */
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

  public static Optional<Revision> of(String code) {
    return Arrays.stream(values()).filter(revision -> revision.code.equals(code)).findFirst();
  }

  /** The revisions of Streamable HTTP, newest first, for errors and discovery. */
  public static List<String> codes() {
    return Arrays.stream(values())
        .filter(revision -> revision != FIRST)
        .map(Revision::code)
        .toList();
  }

  public String code() {
    return code;
  }

  /** Whether results may have content of a type besides text and pictures. */
  public boolean hasContent(String type) {
    return switch (type) {
      case "resource" -> true;
      case "audio" -> compareTo(EARLY_2025) <= 0;
      case "resource_link" -> compareTo(MID_2025) <= 0;
      default -> false;
    };
  }

  /** Whether results may have this value for programs. */
  public boolean hasStructured(JsonNode value) {
    return isStateless() || (value.isObject() && hasOutputSchemas());
  }

  /** Whether tools have schemas of their results, which results have to fit. */
  public boolean hasOutputSchemas() {
    return compareTo(MID_2025) <= 0;
  }

  /** Whether each request carries all of its context. */
  public boolean isStateless() {
    return this == STATELESS;
  }
}
