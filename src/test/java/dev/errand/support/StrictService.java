package dev.errand.support;

import java.util.Map;

/** A service that reaches no private address and takes three requests per minute by a token. */
public final class StrictService implements Settings {
  @Override
  public Map<String, String> start() {
    return Map.of(
        "errand.egress.allow",
        "nobody.example",
        "errand.api.per-token",
        "3",
        "errand.api.per-user",
        "1000");
  }
}
