package dev.errand.runs.queue;

import dev.errand.support.Settings;
import java.util.Map;

/** Nothing is added up, removed or delivered but by the test. */
public final class KeptByHand implements Settings {
  @Override
  public Map<String, String> start() {
    return Map.of("errand.worker.keep", "PT24H", "errand.callback.mode", "request");
  }
}
