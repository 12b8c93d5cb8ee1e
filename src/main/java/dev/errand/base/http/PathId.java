package dev.errand.base.http;

import java.util.Optional;
import java.util.UUID;

/** Reads the UUIDs that addresses name. */
public final class PathId {
  private PathId() {}

  /** The UUID; empty where the text is none. */
  public static Optional<UUID> of(String text) {
    try {
      return Optional.of(UUID.fromString(text));
    } catch (IllegalArgumentException e) {
      return Optional.empty();
    }
  }
}
