package dev.errand.tools.servlet.registry;

import java.time.Instant;
import java.util.List;

/**
 * The bytes of a servlet version with its description; stored once per content address.
 *
 * @param address the content address of the bytes
 * @param tools the tools as it described them when it was published: a JSON array
 * @param engine {@link #WHOLE}, or {@link #TOO_LARGE} if the process that published the bytes found
 *     that
 */
record ServletContent(
    String address,
    byte[] wasm,
    String tools,
    List<String> toolNames,
    String engine,
    Instant createdAt) {
  /** All functions can be compiled, or it was never tried. */
  static final String WHOLE = "compiled";

  /** Some functions can't be compiled, so that every process interprets them. */
  static final String TOO_LARGE = "interpreted";
}
